//! Numbers of double and single precision as PostgreSQL writes them.
//!
//! In: a number. Out: the shortest text that reads as the same number, plain or with an exponent where `float8out` and `float4out`
//! change over: 136 is not 136.0 there.

/// From this power of ten on a number has an exponent: DBL_DIG of `float.h`, and FLT_DIG.
const DOUBLE_DIGITS: i32 = 15;
const SINGLE_DIGITS: i32 = 6;
/// Below this power of ten it has one too.
const LEAST: i32 = -4;

/// A number of double precision.
pub(crate) fn of_double(value: f64) -> String {
    written(&format!("{value:e}"), DOUBLE_DIGITS)
}

/// A number of single precision.
pub(crate) fn of_single(value: f32) -> String {
    written(&format!("{value:e}"), SINGLE_DIGITS)
}

/// A number from its shortest digits, as `-1.36e2`.
fn written(shortest: &str, digits: i32) -> String {
    let (sign, rest) = shortest.strip_prefix('-').map_or(("", shortest), |rest| ("-", rest));
    let Some((mantissa, exponent)) = rest.split_once('e') else {
        // Neither a number nor finite.
        return if rest == "inf" { format!("{sign}Infinity") } else { "NaN".to_owned() };
    };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if !(LEAST..digits).contains(&exponent) {
        let of_exponent = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{mantissa}e{of_exponent}{:02}", exponent.abs());
    }
    let figures = mantissa.replace('.', "");
    let point = exponent + 1;
    let text = match usize::try_from(point) {
        Ok(0) | Err(_) => format!("0.{}{figures}", "0".repeat(point.unsigned_abs() as usize)),
        Ok(point) if point >= figures.len() => format!("{figures}{}", "0".repeat(point - figures.len())),
        Ok(point) => format!("{}.{}", &figures[..point], &figures[point..]),
    };
    format!("{sign}{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_postgresql_writes_them() {
        // What PostgreSQL 15 answers to `SELECT x::float8`.
        let known = [
            (136.0, "136"),
            (0.0, "0"),
            (-0.0, "-0"),
            (0.1, "0.1"),
            (-2.5, "-2.5"),
            (1e20, "1e+20"),
            (1e15, "1e+15"),
            (123_456_789_012_345.0, "123456789012345"),
            (1.5e-7, "1.5e-07"),
            (0.0001, "0.0001"),
            (0.000_01, "1e-05"),
            (0.000_123, "0.000123"),
            (1e300, "1e+300"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
            (f64::NAN, "NaN"),
        ];
        for (value, text) in known {
            assert_eq!(of_double(value), text);
        }
        assert_eq!(of_single(1e6), "1e+06");
        assert_eq!(of_single(123_456.0), "123456");
    }
}

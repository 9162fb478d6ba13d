//! The normal distribution, and the algebra that attackers need: small, dense, their own.

/// Quantile of the standard normal (Acklam's rational approximation, relative error 1.2e-9).
pub(crate) fn quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 6] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
        1.0,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 5] = [
        7.784_695_709_041_462e-3,
        3.224_671_290_700_398e-1,
        2.445_134_137_142_996,
        3.754_408_661_907_416,
        1.0,
    ];
    let at = |coefficients: &[f64], x: f64| coefficients.iter().fold(0.0, |sum, c| sum * x + c);
    if p > 0.5 {
        return -quantile(1.0 - p);
    }
    if p < 0.024_25 {
        let q = (-2.0 * p.ln()).sqrt();
        return at(&C, q) / at(&D, q);
    }
    let q = p - 0.5;
    at(&A, q * q) * q / at(&B, q * q)
}

/// Distribution function of the standard normal, by the error function of Numerical Recipes (error 1.2e-7).
pub(crate) fn cumulative(x: f64) -> f64 {
    const E: [f64; 10] = [
        0.170_872_77,
        -0.822_152_23,
        1.488_515_87,
        -1.135_203_98,
        0.278_868_07,
        -0.186_288_06,
        0.096_784_18,
        0.374_091_96,
        1.000_023_68,
        -1.265_512_23,
    ];
    let z = x.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.5 * z);
    let tail = 0.5 * t * (E.iter().fold(0.0, |sum, e| sum * t + e) - z * z).exp();
    if x > 0.0 { 1.0 - tail } else { tail }
}

/// A symmetric positive definite matrix as L L', in place, lower triangle by rows.
#[derive(Debug, Clone)]
pub(crate) struct Cholesky {
    rows: Vec<Vec<f64>>,
}

impl Cholesky {
    /// Factors a matrix; `None` when it is not positive definite.
    pub(crate) fn of(mut rows: Vec<Vec<f64>>) -> Option<Self> {
        for i in 0..rows.len() {
            let (above, below) = rows.split_at_mut(i);
            let row = &mut below[0];
            for (j, other) in above.iter().enumerate() {
                row[j] = (row[j] - dot(&row[..j], &other[..j])) / other[j];
            }
            let square = row[i] - dot(&row[..i], &row[..i]);
            if square <= 0.0 {
                return None;
            }
            row[i] = square.sqrt();
        }
        Some(Self { rows })
    }

    /// L^-1 b.
    pub(crate) fn half(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        for (i, row) in self.rows.iter().enumerate() {
            x[i] = (x[i] - dot(&row[..i], &x[..i])) / row[i];
        }
        x
    }

    /// The inverse of the matrix times b.
    pub(crate) fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = self.half(b);
        for i in (0..x.len()).rev() {
            x[i] /= self.rows[i][i];
            let (before, from) = x.split_at_mut(i);
            before.iter_mut().zip(&self.rows[i]).for_each(|(entry, l)| *entry -= l * from[0]);
        }
        x
    }
}

/// The inner product.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Share of pairs in which the score of a member is the higher one, ties as halves: the area under the curve.
pub(crate) fn area_under_curve(members: &[f64], others: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> = members.iter().map(|score| (*score, true)).collect();
    all.extend(others.iter().map(|score| (*score, false)));
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut sum) = (0.0, 0.0);
    for group in all.chunk_by(|a, b| a.0 == b.0) {
        let members = group.iter().filter(|(_, is_member)| *is_member).count() as f64;
        let others = group.len() as f64 - members;
        sum += members * (below + others / 2.0);
        below += others;
    }
    sum / (members.len() as f64 * others.len() as f64)
}

#[test]
fn the_quantile_undoes_the_distribution_function() {
    for x in [-5.0, -2.5, -1.0, -0.1, 0.0, 0.3, 1.7, 4.0_f64] {
        assert!((quantile(cumulative(x)) - x).abs() < 0.01, "{x} came back as {}", quantile(cumulative(x)));
    }
}

#[test]
fn a_factored_matrix_solves_its_equations() {
    let matrix = vec![vec![4.0, 2.0, 0.4], vec![2.0, 5.0, 1.0], vec![0.4, 1.0, 3.0]];
    let x = Cholesky::of(matrix.clone()).unwrap().solve(&[1.0, 2.0, 3.0]);
    for (row, b) in matrix.iter().zip([1.0, 2.0, 3.0]) {
        assert!((dot(row, &x) - b).abs() < 1e-12);
    }
}

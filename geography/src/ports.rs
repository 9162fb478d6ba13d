//! Airports with international flights and ports of ferries from abroad.
//!
//! In: a point. Out: whether it lies in or beside a terminal. A phone from abroad is switched on there, and off. The
//! list has the airports with regular international flights and the ports of the ferries from Korea and China; points
//! are those of the terminals, to about 300 metres.

use kayoi_schemas::units::near::metres_between;

/// Farther than this from its point nobody is in a terminal, metres: buildings, piers, stations and car parks.
const REACH_M: f64 = 1_500.0;
/// Within this distance somebody who has just arrived may be seen first, metres: on the way into town.
const NEAR_M: f64 = 10_000.0;

/// Latitude and longitude of each, degrees, from north to south.
const JAPAN: &[(f64, f64)] = &[
    (43.671, 142.448), // 旭川空港
    (42.787, 141.681), // 新千歳空港
    (41.776, 140.816), // 函館空港
    (40.733, 140.689), // 青森空港
    (39.612, 140.219), // 秋田空港
    (39.429, 141.135), // 花巻空港
    (38.137, 140.930), // 仙台空港
    (37.955, 139.112), // 新潟空港
    (37.228, 140.428), // 福島空港
    (36.649, 137.189), // 富山空港
    (36.395, 136.412), // 小松空港
    (36.181, 140.415), // 茨城空港
    (35.771, 140.388), // 成田空港
    (35.549, 139.768), // 羽田空港 第3・第2ターミナル
    (35.494, 133.243), // 米子空港
    (34.859, 136.814), // 中部国際空港
    (34.797, 138.180), // 静岡空港
    (34.760, 133.853), // 岡山空港
    (34.434, 135.244), // 関西国際空港
    (34.637, 135.228), // 神戸空港
    (34.640, 135.420), // 大阪港 国際フェリーターミナル
    (34.658, 129.467), // 比田勝港
    (34.436, 132.922), // 広島空港
    (34.216, 134.019), // 高松空港
    (34.135, 134.609), // 徳島空港
    (33.950, 130.937), // 下関港 国際ターミナル
    (33.840, 131.032), // 北九州空港
    (33.829, 132.704), // 松山空港
    (33.606, 130.401), // 博多港 国際ターミナル
    (33.584, 130.443), // 福岡空港 国際線
    (33.478, 131.735), // 大分空港
    (33.153, 130.302), // 佐賀空港
    (32.914, 129.921), // 長崎空港
    (32.835, 130.858), // 熊本空港
    (31.872, 131.446), // 宮崎空港
    (31.801, 130.716), // 鹿児島空港
    (26.206, 127.651), // 那覇空港
    (24.827, 125.147), // 下地島空港
    (24.397, 124.245), // 石垣空港
];

/// The places where people enter a country.
#[derive(Debug, Clone, Copy)]
pub struct PortsOfEntry(&'static [(f64, f64)]);

impl PortsOfEntry {
    /// Those of Japan.
    pub const fn japan() -> Self {
        Self(JAPAN)
    }

    /// Whether a point, in degrees, lies at one of them.
    pub fn contains(&self, latitude: f64, longitude: f64) -> bool {
        self.is_within((latitude, longitude), REACH_M)
    }

    /// Whether a point, in degrees, lies on the way from one of them into town.
    pub fn is_near(&self, latitude: f64, longitude: f64) -> bool {
        self.is_within((latitude, longitude), NEAR_M)
    }

    fn is_within(&self, point: (f64, f64), metres: f64) -> bool {
        self.0.iter().any(|port| metres_between(*port, point) <= metres)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_a_port_and_the_town_beside_it_is_not() {
        let ports = PortsOfEntry::japan();
        // 関西国際空港 第1ターミナル, and りんくうタウン across the bridge.
        assert!(ports.contains(34.4357, 135.2440));
        assert!(!ports.contains(34.4117, 135.2986));
        // 博多駅 is 2.5 km from the terminal of 福岡空港.
        assert!(!ports.contains(33.5902, 130.4207) && ports.is_near(33.5902, 130.4207));
        assert!(!ports.is_near(35.0116, 135.7681));
    }

    #[test]
    fn every_port_lies_in_japan_and_far_from_the_next() {
        let geography = crate::Geography::simplified().unwrap();
        for (number, port) in JAPAN.iter().enumerate() {
            // Terminals stand on fill that simplified borders may leave out, so a point beside one does as well.
            let around = (-2..=2).flat_map(|north| (-2..=2).map(move |east| (north, east)));
            let mut around = around.map(|(north, east)| (f64::from(north) * 0.007, f64::from(east) * 0.008));
            assert!(
                around
                    .any(|(north, east)| geography.municipality_at(port.0 + north, port.1 + east).is_some()),
                "{port:?}"
            );
            assert!(
                JAPAN[..number].iter().all(|other| metres_between(*other, *port) > 2.0 * REACH_M),
                "{port:?}"
            );
        }
    }
}

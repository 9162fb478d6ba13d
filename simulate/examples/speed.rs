//! Temporary.
fn main() {
    let geography = kayoi_geography::Geography::sketch().unwrap();
    let region =
        ["20202", "20361", "20321", "20303", "20485", "20402", "14382", "19430"].map(str::to_owned).to_vec();
    for (format, n) in [(kayoi_simulate::Format::Parquet, 3000u32), (kayoi_simulate::Format::Ndjson, 3000)] {
        let world =
            kayoi_simulate::World { devices: n, days: 365, region: region.clone(), ..Default::default() };
        let dir = std::path::PathBuf::from(format!("/tmp/sim_{}", format.extension()));
        let _ = std::fs::remove_dir_all(&dir);
        let t = std::time::Instant::now();
        let mut last = 0.0;
        let w = kayoi_simulate::write_world(&world, &geography, &dir, format, &mut |p| {
            if p.day == p.days {
                last = t.elapsed().as_secs_f64();
            }
        })
        .unwrap();
        let s = t.elapsed().as_secs_f64();
        println!("{format:?} {w:?} {s:.1}s pings {last:.1}s {:.2} M/s", w.records as f64 / last / 1e6);
    }
}

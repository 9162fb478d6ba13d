//! `kayoi mesh`: grid square codes of points, and how cells are shared out among meshes.

use kayoi_geography::mesh::share::shares;
use kayoi_geography::mesh::{MeshCode, MeshLevel};
use kayoi_schemas::ids::Cell;
use serde_json::{Map, json};

use crate::args::{MeshCommand, MeshOptions};
use crate::coded::refuse;
use crate::screen::line;

pub(crate) fn run(options: &MeshOptions) -> anyhow::Result<()> {
    match &options.command {
        MeshCommand::At { latitude, longitude, json } => at(*latitude, *longitude, *json),
        MeshCommand::Shares { cells, metres, json } => {
            let Some(level) = MeshLevel::of_nominal_metres(*metres) else {
                refuse!(Argument, "`{metres}` m is not a level of JIS X 0410\nhint: levels are {}", levels());
            };
            if !json {
                line("cell,mesh_code,share")?;
            }
            cells.iter().try_for_each(|cell| print_shares(cell, level, *json))
        }
    }
}

fn at(latitude: f64, longitude: f64, as_json: bool) -> anyhow::Result<()> {
    let codes: Vec<(MeshLevel, MeshCode)> = MeshLevel::ALL
        .into_iter()
        .filter_map(|level| Some((level, MeshCode::of_degrees(level, latitude, longitude)?)))
        .collect();
    if codes.is_empty() {
        refuse!(
            Argument,
            "`{latitude} {longitude}` has no mesh: codes exist for 0 to 66.66 N, 100 to 180 E\nhint: latitude comes first"
        );
    }
    if as_json {
        let code = |(level, code): (MeshLevel, MeshCode)| {
            (level.nominal_metres().to_string(), json!(code.to_string()))
        };
        return line(serde_json::Value::Object(codes.into_iter().map(code).collect::<Map<_, _>>()));
    }
    codes.iter().try_for_each(|(level, code)| line(format_args!("{:>7} m  {code}", level.nominal_metres())))
}

fn print_shares(text: &str, level: MeshLevel, as_json: bool) -> anyhow::Result<()> {
    let Ok(index) = u64::from_str_radix(text, 16) else {
        refuse!(
            Argument,
            "`{text}` is not an H3 cell\nhint: a cell is 15 hexadecimal digits, as in `892f5aadc6fffff`"
        );
    };
    for share in shares(Cell::from_h3(index), level)? {
        if as_json {
            line(json!({ "cell": text, "mesh_code": share.mesh.to_string(), "share": share.share }))?;
        } else {
            line(format_args!("{text},{},{}", share.mesh, share.share))?;
        }
    }
    Ok(())
}

fn levels() -> String {
    MeshLevel::ALL.map(|level| level.nominal_metres().to_string()).join(", ")
}

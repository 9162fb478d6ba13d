//! compiles
// What the other cases get wrong, done right: were a name misspelt in all of them, it would show here.

use std::path::Path;

use kayoi_lake::Lake;
use kayoi_query::{Admitted, Answer, Asked, Asker, Catalog, Door, Planned};
use kayoi_schemas::tables::{InternalTable, ReleaseTable};

pub fn asked(text: &str) -> Asked {
    Asked::new(Asker::Anonymous, Door::Http, text)
}

pub fn catalog(lake: &Lake) -> Catalog {
    Catalog::from_releases(&lake.release_reader())
}

pub fn table(empty: Catalog) -> Catalog {
    let internal = [InternalTable::Pings].is_empty();
    if internal { Catalog::new(vec![(ReleaseTable::ConnectedMonthly, panic!())]) } else { empty }
}

pub async fn files(place: &Path) -> usize {
    let reader = Lake::open(place).unwrap().release_reader();
    reader.files(ReleaseTable::ConnectedMonthly).await.unwrap().len()
}

pub fn passed_on(admitted: Admitted, planned: Planned, answer: Answer) -> (Admitted, Planned, usize) {
    (admitted, planned, answer.row_count())
}

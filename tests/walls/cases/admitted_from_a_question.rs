//! error[E0277]: the trait bound `Admitted: From<Asked>` is not satisfied: the trait `From<Asked>` is not implemented for `Admitted`
// A question that nobody has looked at is not an admitted one.

use kayoi_query::{Admitted, Asked, Asker, Door};

pub fn admitted(text: &str) -> Admitted {
    Asked::new(Asker::Anonymous, Door::Http, text).into()
}

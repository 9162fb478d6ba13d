//! How a value is spelled: every format takes the same.

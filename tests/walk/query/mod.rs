//! The walk, query: that every door gives the same answer.

mod answers;

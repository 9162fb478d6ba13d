//! The unit that is noted: a bucket of devices.
//!
//! In: a sweep over `pings`, and the options. Out: the files and counts of a bucket, and a note named by all of
//! its inputs, so that a bucket that is done twice is the same bucket. Buckets share nothing and their counts
//! add up, which lets any number of processes measure them, on one machine or many.

mod done;
mod note;
mod measure;

pub(crate) use done::Done;
pub(crate) use measure::{By, Measuring};
pub(crate) use note::{delete, job, name, read, write};

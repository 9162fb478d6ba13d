//! Borders, codes, and files that others read.

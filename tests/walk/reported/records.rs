//! What a record looks like: headers, keys, columns, envelopes, encodings.

//! How files and topics are read: nothing is silently lost.

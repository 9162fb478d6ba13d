//! What a question may say and what its answer says.

//! How clients come in: first statements, bytes, formats of answers.

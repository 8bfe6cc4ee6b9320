//! The configuration and the dispatch.

//! Loads a fixture.

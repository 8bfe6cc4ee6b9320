//! What a store promises: the contract that every backend must pass, and what the SQLite file does beyond it.

mod contract;
mod world;

contract::hold_to!(sqlite, crate::world::sqlite);

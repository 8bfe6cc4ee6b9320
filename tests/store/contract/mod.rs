//! The contract of a store. Each function is one promise, held against a fresh world; [`hold_to`] makes a test of each
//! for one backend.

pub(crate) mod tickets;

/// A test for each promise, in a module of the backend's name; `$world` makes a fresh store with the world in it.
macro_rules! hold_to {
    ($backend:ident, $world:path) => {
        mod $backend {
            $crate::contract::hold_to!(@area $world, tickets:
                a_ticket_reads_back_as_it_was_written,
            );
        }
    };
    (@area $world:path, $area:ident: $($promise:ident),* $(,)?) => {
        mod $area {
            $(
                #[test]
                fn $promise() {
                    $crate::contract::$area::$promise(&$world());
                }
            )*
        }
    };
}
pub(crate) use hold_to;

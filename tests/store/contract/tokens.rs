//! Tokens, of which the store has only the digests.

use support::model::Error;
use support::model::pagination::{Cursor, PageRequest, Sort};
use support::model::permission::{Permission, Permissions};
use support::model::principal::Principal;
use support::model::role::Role;
use support::model::token::{Digest, NewToken, TokenRecord};

use crate::world::{NOW, World, at, customer, now, page};

fn issued(world: &World, owner: i64, digest: u8) -> Result<TokenRecord, Error> {
    let token = NewToken::for_customer(
        customer(owner),
        Role::new("customer").unwrap(),
        [Permission::TrackTicket, Permission::CloseTicket].into_iter().collect(),
        at(NOW + 60),
    );
    world.store.write_blocking(move |unit| unit.tokens().insert(&token, Digest([digest; 32]), now()))
}

fn found(world: &World, digest: u8) -> Option<TokenRecord> {
    world.store.read_blocking(|unit| unit.tokens().find(Digest([digest; 32]))).unwrap()
}

pub(crate) fn a_token_is_found_by_its_digest_and_its_id(world: &World) {
    let record = issued(world, 1, 7).unwrap();
    assert!(record.is_valid(now()) && !record.permissions.contains(Permission::CreateTicket));
    assert_ne!(record.permissions, Permissions::CUSTOMER);
    assert_eq!(found(world, 7), Some(record.clone()));
    assert_eq!(found(world, 8), None);
    assert_eq!(world.store.read_blocking(|unit| unit.tokens().get(record.id)).unwrap(), Some(record));
}

pub(crate) fn tokens_are_listed_newest_first(world: &World) {
    let ids: Vec<_> =
        [1, 2, 1, 1].iter().zip(1..).map(|(owner, digest)| issued(world, *owner, digest).unwrap().id).collect();
    let list = |owner: Option<i64>, ask: PageRequest| -> Vec<_> {
        let records = world
            .store
            .read_blocking(|unit| unit.tokens().list(owner.map(|id| Principal::Customer(customer(id))).as_ref(), ask))
            .unwrap();
        records.iter().map(|record| record.id).collect()
    };
    assert_eq!(list(None, page(9, Sort::Created)), [ids[3], ids[2], ids[1], ids[0]]);
    assert_eq!(list(Some(1), page(1, Sort::Created)), [ids[3], ids[2]]);
    let after = Cursor { id: ids[2].get(), ..Cursor::start(Sort::Created) };
    assert_eq!(list(Some(1), PageRequest { limit: 9, after }), [ids[0]]);
    assert_eq!(list(None, PageRequest { limit: 9, after }), [ids[1], ids[0]]);
}

pub(crate) fn a_token_is_revoked_once(world: &World) {
    let id = issued(world, 1, 7).unwrap().id;
    let revoke = |second| world.store.write_blocking(move |unit| unit.tokens().revoke(id, at(second)));
    revoke(NOW + 1).unwrap();
    assert!(matches!(revoke(NOW + 2), Err(Error::Changed("token"))));
    assert_eq!(found(world, 7).unwrap().revoked_at, Some(at(NOW + 1)));
}

pub(crate) fn a_digest_is_unique(world: &World) {
    issued(world, 1, 7).unwrap();
    assert!(issued(world, 2, 7).is_err());
}

//! `groupCustomerIds`: who may be named, and how many.

use serde_json::{Value, json};

use crate::world::{World, ride_ticket};

/// Sixty customers more, from 101 on.
fn crowd() -> Value {
    let customer = |id: i64| json!({"id": id, "name": format!("Guest {id}"), "locale": "en", "rewardsActive": true});
    json!({"customers": (101..=160).map(customer).collect::<Vec<_>>()})
}

fn grouped(group: &Value) -> Value {
    let mut body = ride_ticket();
    body["groupCustomerIds"] = group.clone();
    body
}

#[test]
fn a_group_has_up_to_50_members_once_repeats_and_the_caller_are_dropped() {
    let world = World::plan().with_fixture(crowd()).start();
    let fifty: Vec<i64> = (101..=150).collect();
    let mut named = vec![1, 101, 1, 102];
    named.extend(&fifty);
    named.extend([150, 1]);
    let id = world.amina().opens(&grouped(&json!(named))).data()["ticketId"].as_i64().unwrap();
    assert_eq!(world.amina().tracks(id).data()["groupCustomerIds"], json!(fifty));
    let too_many: Vec<i64> = (101..=151).collect();
    world.amina().opens(&grouped(&json!(too_many))).is_refused(400, "INVALID_TICKET").blames(&["groupCustomerIds"]);
}

#[test]
fn a_group_of_the_caller_alone_is_no_group() {
    let world = World::start();
    for group in [json!([1]), json!([1, 1]), json!([]), json!(null)] {
        let id = world.amina().opens(&grouped(&group)).data()["ticketId"].as_i64().unwrap();
        assert_eq!(world.amina().tracks(id).data()["groupCustomerIds"], json!([]));
    }
}

#[test]
fn a_group_keeps_the_order_in_which_it_was_named() {
    let world = World::start();
    let id = world.amina().opens_group_ticket("charged twice", &[7, 2, 7, 5, 2]);
    assert_eq!(world.amina().tracks(id).data()["groupCustomerIds"], json!([7, 2, 5]));
}

#[test]
fn a_member_who_is_no_customer_is_refused() {
    let world = World::start();
    let answer = world.amina().opens(&grouped(&json!([2, 77, 3, 88])));
    answer.is_refused(400, "CUSTOMER_NOT_FOUND").blames(&["groupCustomerIds"]);
    assert!(answer.text().contains("77") && answer.text().contains("88"), "{answer}");
}

#[test]
fn a_group_is_a_list_of_ids_and_nothing_is_converted() {
    let world = World::start();
    for group in
        ["2", r#""2""#, "{}", "true", "[\"2\"]", "[2,0]", "[-2]", "[2.5]", "[null]", "[[2]]", "[9223372036854775808]"]
    {
        let answer = world.amina().opens(&grouped(&serde_json::from_str(group).unwrap()));
        answer.is_refused(400, "INVALID_TICKET");
        assert!(answer.blamed().iter().all(|field| field.starts_with("groupCustomerIds")), "{group}: {answer}");
        assert!(!answer.blamed().is_empty(), "{group}: {answer}");
    }
}

#[test]
fn a_member_need_not_have_taken_part() {
    let world = World::start();
    let id = world.amina().opens_group_ticket("charged twice", &[5]);
    world.jonas().tracks(id).is_ok();
}

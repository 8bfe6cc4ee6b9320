//! `groupCustomerIds`: valid members and their number.

use serde_json::{Value, json};

use crate::world::{World, ride_ticket};

/// Returns a fixture of 60 more customers, from id 101.
fn more_customers() -> Value {
    let customer = |id: i64| json!({"id": id, "name": format!("Guest {id}"), "locale": "en", "rewardsActive": true});
    json!({"customers": (101..=160).map(customer).collect::<Vec<_>>()})
}

fn grouped(group: &Value) -> Value {
    let mut body = ride_ticket();
    body["groupCustomerIds"] = group.clone();
    body
}

#[test]
fn a_group_has_at_most_50_members_without_duplicates_and_the_caller() {
    let world = World::plan().with_fixture(more_customers()).start();
    let fifty: Vec<i64> = (101..=150).collect();
    let mut named = vec![1, 101, 1, 102];
    named.extend(&fifty);
    named.extend([150, 1]);
    let id = world.amina().create(&grouped(&json!(named))).data()["ticketId"].as_i64().unwrap();
    assert_eq!(world.amina().track(id).data()["groupCustomerIds"], json!(fifty));
    let too_many: Vec<i64> = (101..=151).collect();
    world
        .amina()
        .create(&grouped(&json!(too_many)))
        .assert_refused(400, "INVALID_TICKET")
        .assert_fields(&["groupCustomerIds"]);
}

#[test]
fn a_group_of_only_the_caller_is_empty() {
    let world = World::start();
    for group in [json!([1]), json!([1, 1]), json!([]), json!(null)] {
        let id = world.amina().create(&grouped(&group)).data()["ticketId"].as_i64().unwrap();
        assert_eq!(world.amina().track(id).data()["groupCustomerIds"], json!([]));
    }
}

#[test]
fn a_group_keeps_its_order() {
    let world = World::start();
    let id = world.amina().create_group_ticket("charged twice", &[7, 2, 7, 5, 2]);
    assert_eq!(world.amina().track(id).data()["groupCustomerIds"], json!([7, 2, 5]));
}

#[test]
fn an_unknown_group_member_is_refused() {
    let world = World::start();
    let answer = world.amina().create(&grouped(&json!([2, 77, 3, 88])));
    answer.assert_refused(400, "CUSTOMER_NOT_FOUND").assert_fields(&["groupCustomerIds"]);
    assert!(answer.text().contains("77") && answer.text().contains("88"), "{answer}");
}

#[test]
fn a_group_is_a_list_of_ids_without_conversion() {
    let world = World::start();
    for group in
        ["2", r#""2""#, "{}", "true", "[\"2\"]", "[2,0]", "[-2]", "[2.5]", "[null]", "[[2]]", "[9223372036854775808]"]
    {
        let answer = world.amina().create(&grouped(&serde_json::from_str(group).unwrap()));
        answer.assert_refused(400, "INVALID_TICKET");
        assert!(answer.error_fields().iter().all(|field| field.starts_with("groupCustomerIds")), "{group}: {answer}");
        assert!(!answer.error_fields().is_empty(), "{group}: {answer}");
    }
}

#[test]
fn a_group_member_need_not_be_a_participant() {
    let world = World::start();
    let id = world.amina().create_group_ticket("charged twice", &[5]);
    world.jonas().track(id).assert_ok();
}

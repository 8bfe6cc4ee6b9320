//! `support token`: issue, list and revoke.

use serde_json::{Value, json};

use crate::world::World;

/// Parses a time of a JSON document, in seconds since 1970.
fn seconds(time: &Value) -> i64 {
    time.as_str().unwrap().parse::<support::model::Timestamp>().unwrap().second()
}

#[test]
fn a_token_is_printed_on_standard_output_and_its_details_on_standard_error() {
    let output = World::small().run("token issue --customer 1").success();
    let token = output.out.trim_end();
    assert!(token.starts_with("sup_") && token.len() == 40 && output.out.lines().count() == 1, "{output:?}");
    assert!(output.err.contains("token 1 for customer 1") && !output.err.contains(token), "{output:?}");
}

/// Returns the lifetime of the newest token in seconds.
fn lifetime(world: &World) -> i64 {
    let newest = world.json("token list")["tokens"][0].clone();
    seconds(&newest["expiresAt"]) - seconds(&newest["createdAt"])
}

#[test]
fn a_token_is_issued_as_json() {
    let world = World::small();
    let output = world.run("token issue --customer 2 --expires 30d --format json").success();
    let issued = output.json();
    let members = ["token", "tokenId", "customerId", "role", "permissions", "expiresAt"];
    let positions: Vec<_> = members.iter().map(|member| output.out.find(&format!("\"{member}\":")).unwrap()).collect();
    assert!(positions.is_sorted() && issued.as_object().unwrap().len() == members.len(), "{issued}");
    assert!(issued["token"].as_str().unwrap().starts_with("sup_"));
    assert_eq!(
        (&issued["tokenId"], &issued["customerId"], &issued["role"]),
        (&json!(1), &json!(2), &json!("customer"))
    );
    let all = ["create_support_ticket", "track_support_ticket", "escalate_support_ticket", "close_support_ticket"];
    assert_eq!(issued["permissions"], json!(all));
    assert_eq!(lifetime(&world), 30 * 86_400);
}

#[test]
fn the_default_lifetime_is_90_days() {
    let world = World::small();
    world.run("token issue --customer 2").success();
    assert_eq!(lifetime(&world), 90 * 86_400);
}

#[test]
fn the_options_set_permissions_and_role() {
    let world = World::small();
    let permissions = "--permission close_support_ticket,track_support_ticket --permission track_support_ticket";
    let issued = world.json(&format!("token issue --customer 1 --role agent {permissions}"));
    assert_eq!(issued["permissions"], json!(["track_support_ticket", "close_support_ticket"]));
    assert_eq!(issued["role"], "agent");
}

#[test]
fn a_token_is_never_shown_again() {
    let world = World::small();
    let token = world.run("token issue --customer 1").success().out.trim().to_owned();
    for command in ["token list", "token list --format json", "token list --format csv", "token revoke 1 --format json"]
    {
        let output = world.run(command).success();
        assert!(!output.out.contains(&token) && !output.out.contains("\"token\""), "{command}: {output:?}");
    }
    let file = std::fs::read(world.path("support.db")).unwrap();
    assert!(!file.windows(token.len()).any(|bytes| bytes == token.as_bytes()));
}

#[test]
fn tokens_are_listed_newest_first_with_their_state() {
    let world = World::small();
    for customer in [1, 2, 1] {
        world.run(&format!("token issue --customer {customer}")).success();
    }
    world.run("token revoke 1").success();
    let listed = world.json("token list");
    let states: Vec<_> =
        listed["tokens"].as_array().unwrap().iter().map(|token| (&token["tokenId"], &token["state"])).collect();
    assert_eq!(json!(states), json!([[3, "good"], [2, "good"], [1, "revoked"]]));
    let ids = |args: &str| -> Vec<Value> {
        let listed = world.json(&format!("token list {args}"));
        listed["tokens"].as_array().unwrap().iter().map(|token| token["tokenId"].clone()).collect()
    };
    assert_eq!(ids("--customer 1"), [3, 1]);
    let cursor = world.json("token list --limit 2")["nextCursor"].as_str().unwrap().to_owned();
    assert_eq!(ids(&format!("--after {cursor}")), [1]);
}

#[test]
fn a_token_is_revoked_once() {
    let world = World::small();
    world.run("token issue --customer 1").success();
    let output = world.run("token revoke 1 1 9");
    assert_eq!((output.code, output.out.as_str()), (1, "token 1 revoked\n"));
    assert_eq!(output.err, "error: token 1 is revoked already\nerror: token 9 was not found\n");
    let output = world.run("token revoke 9 --format json");
    assert_eq!((output.code, output.error().0.as_str()), (1, "TOKEN_NOT_FOUND"));
}

#[test]
fn no_token_is_issued_to_an_unknown_customer() {
    let output = World::small().run("token issue --customer 9").fails_with(1, "error: customer 9 was not found");
    assert_eq!(output.out, "");
}

#[test]
fn a_lifetime_out_of_range_is_a_usage_error() {
    let world = World::small();
    for time in ["0s", "3651d", "30", "-1d", "1y"] {
        assert_eq!(world.run(&format!("token issue --customer 1 --expires={time}")).code, 2, "{time}");
    }
    world.run("token issue --customer 1 --expires 1s").success();
    world.run("token issue --customer 1 --expires 3650d").success();
}

//! Who the audit log says did it.

use crate::world::World;

/// Who closed ticket 1.
fn closer(world: &World) -> String {
    let history = world.json("ticket inspect 1")["history"].clone();
    let audits = history.as_array().unwrap().iter().filter(|line| line["action"] == "ticket.closed");
    audits.map(|line| line["by"].as_str().unwrap().to_owned()).next_back().unwrap()
}

#[test]
fn the_agent_is_named_by_the_option() {
    let world = World::small();
    world.asks("ticket close 1 --agent").arg("Maria Lopez").env("SUPPORT_AGENT", "sam").run().done();
    assert_eq!(closer(&world), "Maria Lopez");
}

#[test]
fn the_agent_is_named_by_the_environment() {
    let world = World::small();
    world.asks("ticket close 1").env("SUPPORT_AGENT", "sam").run().done();
    assert_eq!(closer(&world), "sam");
}

#[test]
fn the_agent_has_the_login_name_otherwise() {
    let world = World::small();
    world.run("ticket close 1").done();
    let login = std::process::Command::new("id").arg("-un").output().unwrap();
    assert_eq!(closer(&world), String::from_utf8(login.stdout).unwrap().trim());
}

#[test]
fn an_agent_without_a_name_is_wrong_usage() {
    let said = World::small().asks("ticket close 1 --agent").arg(" ").run();
    assert_eq!(said.code, 2, "{said:?}");
}

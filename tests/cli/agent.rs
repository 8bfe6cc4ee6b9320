//! Agent names in the audit log.

use crate::world::World;

/// Returns the agent who closed ticket 1.
fn closer(world: &World) -> String {
    let history = world.json("ticket inspect 1")["history"].clone();
    let audits = history.as_array().unwrap().iter().filter(|line| line["action"] == "ticket.closed");
    audits.map(|line| line["by"].as_str().unwrap().to_owned()).next_back().unwrap()
}

#[test]
fn the_option_sets_the_agent() {
    let world = World::small();
    world.command("ticket close 1 --agent").arg("Maria Lopez").env("SUPPORT_AGENT", "sam").run().success();
    assert_eq!(closer(&world), "Maria Lopez");
}

#[test]
fn the_environment_sets_the_agent() {
    let world = World::small();
    world.command("ticket close 1").env("SUPPORT_AGENT", "sam").run().success();
    assert_eq!(closer(&world), "sam");
}

#[test]
fn the_default_agent_is_the_login_name() {
    let world = World::small();
    world.run("ticket close 1").success();
    let login = std::process::Command::new("id").arg("-un").output().unwrap();
    assert_eq!(closer(&world), String::from_utf8(login.stdout).unwrap().trim());
}

#[test]
fn a_blank_agent_name_is_a_usage_error() {
    let output = World::small().command("ticket close 1 --agent").arg(" ").run();
    assert_eq!(output.code, 2, "{output:?}");
}

//! Whether the gateway answers, before anybody is watched.

use axum::Router;
use tokio::net::TcpListener;

use super::{
    access::{bring_axe, passes},
    stage::Stage,
};

#[tokio::test]
async fn a_gateway_that_is_not_reached_is_told_before_anybody_is_watched() {
    let gateway = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = gateway.local_addr().expect("an address");
    drop(gateway);
    let stage = Stage::set();
    stage.decree(&format!(
        "training = false\n[[environment]]\nname = \"Test\"\nkind = \"test\"\n\
         gateway = \"http://{address}\"\nallow = []\n"
    ));
    let console = stage.start_ruled().await;
    bring_axe(&console).await;
    let step = r#".first-step[data-state="trouble"]"#;
    let told = console.says(step, "No connection to the system.").await;
    assert!(told.contains(&format!("http://{address}")), "{told}");
    passes(&console, "a gateway that is not reached").await;

    let gateway = TcpListener::bind(address).await.expect("the same port");
    // Nothing is at the base of it, and that is an answer.
    let served = axum::serve(gateway, Router::new());
    tokio::spawn(async move { served.await });
    console.press_for("#first-reach", r#".first-step[data-state="done"]"#).await;
    console.says(r#".first-step[data-state="done"]"#, "answers").await;
    console.says("#notices", "HTTP 404").await;
    console.close().await;
}

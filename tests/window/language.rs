//! Both languages.

use super::stage::Stage;

#[tokio::test]
async fn the_language_changes_at_once_and_outlives_the_console() {
    let stage = Stage::set();
    let console = stage.start().await;
    console.says("#add", "Add").await;
    let language = console.role_and_name(r#"[data-language="bg"]"#).await;
    assert_eq!(language, ("button".into(), "BG – Български".into()));
    console.press(r#"[data-language="bg"]"#).await;
    console.says("#add", "Добави").await;
    console.says("#environment", "ОБУЧЕНИЕ").await;
    assert_eq!(console.attribute(":root", "lang").await.as_deref(), Some("bg"));
    stage.settings_say(r#""language": "bg""#).await;
    console.close().await;

    let console = stage.start().await;
    console.says("#add", "Добави").await;
    let pressed = console.attribute(r#"[data-language="bg"]"#, "aria-pressed").await;
    assert_eq!(pressed.as_deref(), Some("true"));
    console.close().await;
}

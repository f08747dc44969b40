//! Many customers at once: a list that is pasted, what is done to several of them, and one who is
//! shown their own step alone.

use serde_json::json;

use super::stage::Stage;

const LIST: &str = "Номер;Вид;Име\n1500;Физическо лице;Тодорова, Вера\n7731;Търговец;Delta OOD\n1 600;;Колев\n1500;Физическо лице;Тодорова";

/// Keys, as the driver names them.
const END: &str = "\u{e010}";
const BACKSPACE: &str = "\u{e003}";
const TAB: &str = "\u{e004}";

/// Pastes as a hand would: the page gets the event with its text.
pub const PASTE: &str = r"
    const [text, done] = arguments;
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    const paste = new ClipboardEvent('paste', { clipboardData, cancelable: true, bubbles: true });
    document.getElementById('add-id').dispatchEvent(paste);
    done(paste.defaultPrevented);
";

#[tokio::test]
async fn a_pasted_list_is_judged_first_and_what_is_wrong_in_it_is_mended_there() {
    let stage = Stage::set();
    let console = stage.start().await;
    console.press_for("#add", "#add-dialog").await;
    console.shows("#add-id").await;
    assert_eq!(console.try_out(PASTE, LIST).await, json!(true), "it is taken as a list");
    console.says("#add-dialog", "2 customers can be added. 2 lines have to be mended.").await;
    assert_eq!(console.count(".row").await, 0, "nothing has started");
    console.press(r#"label:has([name="add-customer"][value="still-identifying"])"#).await;
    console.press("#list-submit").await;
    console.says(".row:nth-child(2)", "Waiting for the customer").await;
    assert_eq!(console.count(".row").await, 2);
    console.says("#add-dialog", "2 lines have to be mended.").await;
    // Rubbed out and written anew in one go: whoever leaves a line empty wants it gone.
    let keys = format!("{END}{}1600; Колев{TAB}", BACKSPACE.repeat(20));
    console.type_into(".intake-mend", &keys).await;
    console.says("#add-dialog", "1 customer can be added.").await;
    console.press("#list-submit").await;
    console.says(".list", "Колев").await;
    assert_eq!(console.count(".row").await, 3);
    console.press_away("#add-dialog .dialog-foot .quiet", "#add-dialog").await;

    console.press(".row:first-child .row-select").await;
    console.press_for("#customer-view", "#customer").await;
    console.says("#customer", "Please finish your identification.").await;
    for name in ["Тодорова", "Delta", "Колев", "1500", "1600", "7731"] {
        assert!(!console.source().await.contains(name), "{name} is in the page");
    }
    console.press_away("#customer-leave", "#customer").await;
    console.shows(".row [aria-current]").await;

    console.press("#several").await;
    console.press("#several-all").await;
    console.says(".several", "3 chosen").await;
    console.write("#search", "kolev").await;
    console.says(".list", "Колев").await;
    assert_eq!(console.count(".row").await, 1, "whatever alphabet it was written in");
    console.press("#several-end").await;
    console.close().await;
}

//! A window of Tauri's with nothing in it: what the console is measured beside.

use std::borrow::Cow;

use tauri::{
    App, Assets, Builder, Runtime, WebviewUrl, WebviewWindowBuilder, Wry,
    utils::assets::{AssetKey, AssetsIter, CspHash},
};

/// The least that a page is, and that it is there.
const PAGE: &[u8] =
    b"<!doctype html><html lang=\"en\" data-ready=\"true\"><title>Empty</title></html>";

struct Nothing;

impl<R: Runtime> Assets<R> for Nothing {
    fn setup(&self, _: &App<R>) {}

    fn get(&self, _: &AssetKey) -> Option<Cow<'_, [u8]>> {
        Some(PAGE.into())
    }

    fn iter(&self) -> Box<AssetsIter<'_>> {
        Box::new(std::iter::empty())
    }

    fn csp_hashes(&self, _: &AssetKey) -> Box<dyn Iterator<Item = CspHash<'_>> + '_> {
        Box::new(std::iter::empty())
    }
}

fn main() -> tauri::Result<()> {
    let mut context = tauri::generate_context!("tauri.conf.json");
    context.set_assets(Box::new(Nothing));
    let app = Builder::<Wry>::default().build(context)?;
    WebviewWindowBuilder::new(&app, "main", WebviewUrl::App("index.html".into()))
        .inner_size(1_100.0, 720.0)
        .build()?;
    app.run(|_, _| {});
    Ok(())
}

//! The browser's own database: one record that holds the open project. IndexedDB, because it takes
//! megabytes; the smaller store serves where IndexedDB is refused.

use idb::{Database, DatabaseEvent, Factory, ObjectStoreParams, TransactionMode};
use wasm_bindgen::JsValue;

use crate::app::browser::settings;

const DATABASE: &str = "stepglass";
const STORE: &str = "project";
const KEY: &str = "open";
const REFUSED: &str = "This browser refuses to keep your work; save it as a file before you leave";

/// Keeps the project.
pub async fn write(project: &str) -> Result<(), String> {
    if write_database(project).await.is_ok() {
        settings::delete(DATABASE);
        return Ok(());
    }
    if settings::write(DATABASE, project) { Ok(()) } else { Err(REFUSED.into()) }
}

/// The project kept last, if there is one.
pub async fn read() -> Result<Option<String>, String> {
    // The smaller store is only filled while the database is refused, so it is the newer one.
    if let Some(project) = settings::read(DATABASE) {
        return Ok(Some(project));
    }
    read_database().await.map_err(|_| REFUSED.into())
}

async fn open() -> Result<Database, idb::Error> {
    let mut request = Factory::new()?.open(DATABASE, Some(1))?;
    request.on_upgrade_needed(|event| {
        if let Ok(database) = event.database() {
            // A failure shows as a missing store in the transaction below.
            let _ = database.create_object_store(STORE, ObjectStoreParams::new());
        }
    });
    request.await
}

async fn write_database(project: &str) -> Result<(), idb::Error> {
    let database = open().await?;
    let transaction = database.transaction(&[STORE], TransactionMode::ReadWrite)?;
    let store = transaction.object_store(STORE)?;
    store.put(&JsValue::from_str(project), Some(&JsValue::from_str(KEY)))?.await?;
    transaction.commit()?.await?;
    database.close();
    Ok(())
}

async fn read_database() -> Result<Option<String>, idb::Error> {
    let database = open().await?;
    let transaction = database.transaction(&[STORE], TransactionMode::ReadOnly)?;
    let store = transaction.object_store(STORE)?;
    let value = store.get(JsValue::from_str(KEY))?.await?;
    database.close();
    Ok(value.and_then(|it| it.as_string()))
}

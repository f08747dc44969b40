//! The layer as `SQLite` sees it: opening, deleting, and for the rest the platform's own.
#![expect(unsafe_code, reason = "SQLite's file layer is a C interface")]

use std::ffi::{CStr, c_char, c_int};
use std::path::Path;
use std::ptr;
use std::sync::Once;
use std::sync::atomic::{AtomicPtr, Ordering};

use rusqlite::ffi;

use crate::faults::Operation;
use crate::file::{Handle, ShimFile};
use crate::recording::Event;
use crate::{STATE, file};

/// The platform's own layer, set once before `SQLite` is told of ours.
static REAL: AtomicPtr<ffi::sqlite3_vfs> = AtomicPtr::new(ptr::null_mut());

pub(crate) fn register() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: a null name asks for the default; SQLite starts itself up where it has not.
        let real = unsafe { ffi::sqlite3_vfs_find(ptr::null()) };
        assert!(!real.is_null(), "SQLite has no files");
        // SAFETY: a registered layer stays where it is for good, and nobody changes it.
        let theirs = unsafe { *real };
        // All that is not replaced here works on the copy as it does on the original.
        let ours = ffi::sqlite3_vfs {
            szOsFile: theirs.szOsFile + file::HEADER,
            pNext: ptr::null_mut(),
            zName: c"faulty-disk".as_ptr(),
            xOpen: Some(open),
            xDelete: Some(delete),
            ..theirs
        };
        REAL.store(real, Ordering::Release);
        // SAFETY: what is registered is complete and is never freed.
        let code = unsafe { ffi::sqlite3_vfs_register(Box::leak(Box::new(ours)), 1) };
        assert_eq!(code, ffi::SQLITE_OK, "SQLite does not take the disk");
    });
}

unsafe extern "C" fn open(
    _vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    let shim = file.cast::<ShimFile>();
    // SAFETY: SQLite gives as much room as `szOsFile` says, and nothing is in it yet. Without
    // methods SQLite does not close it.
    unsafe { ShimFile::blank(shim) };
    // SAFETY: a file's name is null or ends with a zero, and outlives the file.
    let path = unsafe { path(name) }.filter(|_| flags & ffi::SQLITE_OPEN_DELETEONCLOSE == 0);
    let met = path.map(|path| STATE.faults.meet(path, Operation::Open)).unwrap_or_default();
    if let Some(code) = met.refused {
        return code;
    }
    let flags = if met.only_reading { for_reading(flags) } else { flags };
    let entries = path.map(|_| STATE.tapes.entries());
    let existed = path.is_none_or(Path::exists);
    if let Some(path) = path.filter(|_| existed) {
        STATE.tapes.opening(path);
    }
    let real = REAL.load(Ordering::Acquire);
    // SAFETY: `real` is the platform's layer; its file lies behind our header, and it is asked what
    // we were asked.
    let code = unsafe {
        (*real).xOpen.map_or(ffi::SQLITE_CANTOPEN, |open| {
            open(real, name, ShimFile::inner(shim), flags, out_flags)
        })
    };
    if code == ffi::SQLITE_OK
        && let Some(path) = path
        && !existed
    {
        STATE.tapes.note(path, |file| Event::Create { file, bytes: Vec::new() });
    }
    drop(entries);
    let handle = path.map(|path| Handle::new(path, flags));
    // SAFETY: the layer below has been asked just now.
    unsafe { ShimFile::opened(shim, code, handle) }
}

/// The same, but changing and making nothing.
fn for_reading(flags: c_int) -> c_int {
    let writing = ffi::SQLITE_OPEN_READWRITE | ffi::SQLITE_OPEN_CREATE | ffi::SQLITE_OPEN_EXCLUSIVE;
    flags & !writing | ffi::SQLITE_OPEN_READONLY
}

unsafe extern "C" fn delete(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    sync_directory: c_int,
) -> c_int {
    // SAFETY: a file's name ends with a zero, and outlives this call.
    let path = unsafe { path(name) };
    if let Some(code) = path.and_then(|it| STATE.faults.meet(it, Operation::Delete).refused) {
        return code;
    }
    let entries = STATE.tapes.entries();
    let real = REAL.load(Ordering::Acquire);
    // SAFETY: `real` is the platform's layer, asked what we were asked.
    let code = unsafe {
        (*real)
            .xDelete
            .map_or(ffi::SQLITE_IOERR_DELETE, |delete| delete(real, name, sync_directory))
    };
    if let (ffi::SQLITE_OK, Some(path)) = (code, path) {
        let directory = sync_directory & 1 != 0;
        STATE.tapes.note(path, |file| Event::Delete { file, directory });
    }
    drop(entries);
    code
}

/// The name of a file, where it has one.
///
/// # Safety
/// `name` is null, or ends with a zero and outlives what is given.
unsafe fn path<'a>(name: *const c_char) -> Option<&'a Path> {
    if name.is_null() {
        return None;
    }
    // SAFETY: as promised by the caller.
    unsafe { CStr::from_ptr(name) }.to_str().ok().map(Path::new)
}

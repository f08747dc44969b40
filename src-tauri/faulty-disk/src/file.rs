//! One open file as `SQLite` sees it: a header of ours, and behind it the platform's own file.
#![expect(unsafe_code, reason = "SQLite's file layer is a C interface")]

use std::ffi::{c_int, c_void};
use std::path::{Path, PathBuf};
use std::ptr;
use std::slice;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rusqlite::ffi::{self, sqlite3_file, sqlite3_int64};

use crate::STATE;
use crate::faults::{Met, Operation};
use crate::recording::Event;

/// The lock that a writer holds in WAL mode, by `SQLite`'s description of its file format.
const WAL_WRITE_LOCK: c_int = 0;

/// What `SQLite` may rely on elsewhere, but not on a disk that loses power like ours.
const NOT_PROMISED: c_int = ffi::SQLITE_IOCAP_ATOMIC
    | ffi::SQLITE_IOCAP_ATOMIC512
    | ffi::SQLITE_IOCAP_ATOMIC1K
    | ffi::SQLITE_IOCAP_ATOMIC2K
    | ffi::SQLITE_IOCAP_ATOMIC4K
    | ffi::SQLITE_IOCAP_ATOMIC8K
    | ffi::SQLITE_IOCAP_ATOMIC16K
    | ffi::SQLITE_IOCAP_ATOMIC32K
    | ffi::SQLITE_IOCAP_ATOMIC64K
    | ffi::SQLITE_IOCAP_SAFE_APPEND
    | ffi::SQLITE_IOCAP_SEQUENTIAL
    | ffi::SQLITE_IOCAP_BATCH_ATOMIC;

/// The second version: with shared memory, but without reading by mapping, which would pass by us.
static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// Asks the platform's file behind ours. Unsafe: the file must be one of ours, and open.
macro_rules! below {
    ($file:expr, $method:ident $(, $argument:expr)*) => {{
        let inner = ShimFile::inner($file.cast::<ShimFile>());
        match (*(*inner).pMethods).$method {
            Some(method) => method(inner $(, $argument)*),
            None => ffi::SQLITE_IOERR,
        }
    }};
}

/// What we know of an open file that has a name.
pub(crate) struct Handle {
    path: PathBuf,
    /// Whether the next sync is to take the directory along, as `SQLite` has it on Unix: the first
    /// one of a journal that may have been made for it.
    directory: AtomicBool,
}

impl Handle {
    pub fn new(path: &Path, flags: c_int) -> Self {
        let journal =
            ffi::SQLITE_OPEN_MAIN_JOURNAL | ffi::SQLITE_OPEN_SUPER_JOURNAL | ffi::SQLITE_OPEN_WAL;
        let directory = flags & ffi::SQLITE_OPEN_CREATE != 0 && flags & journal != 0;
        Self { path: path.to_path_buf(), directory: AtomicBool::new(directory) }
    }

    fn meet(&self, operation: Operation) -> Met {
        STATE.faults.meet(&self.path, operation)
    }

    fn shm_exists(&self) -> bool {
        let mut shm = self.path.clone().into_os_string();
        shm.push("-shm");
        Path::new(&shm).exists()
    }
}

/// Begins as a file of `SQLite`'s must, and is followed by the platform's file.
#[repr(C, align(8))]
pub(crate) struct ShimFile {
    base: sqlite3_file,
    handle: Option<Box<Handle>>,
}

/// How much room we need before the platform's file.
#[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "a few bytes")]
pub(crate) const HEADER: c_int = size_of::<ShimFile>() as c_int;

impl ShimFile {
    /// # Safety
    /// There is room for us and the platform's file, and nothing in it.
    pub unsafe fn blank(shim: *mut Self) {
        let base = sqlite3_file { pMethods: ptr::null() };
        // SAFETY: there is room for both, as promised by the caller.
        unsafe {
            Self::inner(shim).write(base);
            shim.write(Self { base, handle: None });
        }
    }

    /// # Safety
    /// There is room for the platform's file behind us.
    pub unsafe fn inner(shim: *mut Self) -> *mut sqlite3_file {
        // SAFETY: as promised by the caller. Our size keeps it aligned as SQLite aligned us.
        unsafe { shim.add(1).cast() }
    }

    /// The platform's layer has answered to being asked to open its file.
    ///
    /// # Safety
    /// The file has been blanked, and opened below with this answer.
    pub unsafe fn opened(shim: *mut Self, code: c_int, handle: Option<Handle>) -> c_int {
        // SAFETY: as promised by the caller. What failed to open and has methods wants closing.
        unsafe {
            if code == ffi::SQLITE_OK {
                if let Some(handle) = &handle {
                    STATE.tapes.opened(&handle.path);
                }
                (*shim).handle = handle.map(Box::new);
                (*shim).base.pMethods = &raw const METHODS;
            } else if !(*Self::inner(shim)).pMethods.is_null() {
                below!(shim.cast::<sqlite3_file>(), xClose);
            }
        }
        code
    }
}

/// What we know of a file that `SQLite` hands to one of the methods here.
///
/// # Safety
/// The file is one of ours, and open for as long as what is given is used.
unsafe fn known<'a>(file: *mut sqlite3_file) -> Option<&'a Handle> {
    // SAFETY: as promised by the caller.
    unsafe { (*file.cast::<ShimFile>()).handle.as_deref() }
}

/// What an operation on a file is to answer instead of being done.
///
/// # Safety
/// The file is one of ours, and open.
unsafe fn refused(file: *mut sqlite3_file, operation: Operation) -> Option<c_int> {
    // SAFETY: as promised by the caller.
    let handle = unsafe { known(file) }?;
    handle.meet(operation).refused
}

// SAFETY, for all that follows: SQLite calls these with a file that was opened here, until it has
// closed it, and with arguments that hold for the platform's file just as well.

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    // SAFETY: see above; after this call SQLite forgets the file.
    unsafe {
        let code = below!(file, xClose);
        if let Some(handle) = (*file.cast::<ShimFile>()).handle.take() {
            STATE.tapes.closed(&handle.path);
        }
        code
    }
}

unsafe extern "C" fn read(
    file: *mut sqlite3_file,
    into: *mut c_void,
    amount: c_int,
    offset: sqlite3_int64,
) -> c_int {
    // SAFETY: see above.
    unsafe {
        if let Some(code) = refused(file, Operation::Read) {
            return code;
        }
        below!(file, xRead, into, amount, offset)
    }
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    data: *const c_void,
    amount: c_int,
    offset: sqlite3_int64,
) -> c_int {
    // SAFETY: see above.
    unsafe {
        if let Some(code) = refused(file, Operation::Write) {
            return code;
        }
        let (Ok(length), Ok(at)) = (usize::try_from(amount), usize::try_from(offset)) else {
            return ffi::SQLITE_IOERR_WRITE;
        };
        let code = below!(file, xWrite, data, amount, offset);
        if let (ffi::SQLITE_OK, Some(handle)) = (code, known(file)) {
            let data = slice::from_raw_parts(data.cast::<u8>(), length);
            STATE.tapes.note(&handle.path, |file| Event::Write {
                file,
                offset: at,
                data: data.to_vec(),
            });
        }
        code
    }
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: sqlite3_int64) -> c_int {
    // SAFETY: see above.
    unsafe {
        if let Some(code) = refused(file, Operation::Truncate) {
            return code;
        }
        let Ok(length) = usize::try_from(size) else { return ffi::SQLITE_IOERR_TRUNCATE };
        let code = below!(file, xTruncate, size);
        if let (ffi::SQLITE_OK, Some(handle)) = (code, known(file)) {
            STATE.tapes.note(&handle.path, |file| Event::Truncate { file, size: length });
        }
        code
    }
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: see above.
    unsafe {
        let Some(handle) = known(file) else { return below!(file, xSync, flags) };
        let syncing = STATE.tapes.syncing(&handle.path);
        let met = handle.meet(Operation::Sync);
        thread::sleep(met.delay);
        let code = if let Some(code) = met.refused { code } else { below!(file, xSync, flags) };
        if code == ffi::SQLITE_OK {
            syncing.done(handle.directory.swap(false, Ordering::Relaxed));
        } else {
            syncing.failed();
        }
        code
    }
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, size: *mut sqlite3_int64) -> c_int {
    // SAFETY: see above.
    unsafe { below!(file, xFileSize, size) }
}

unsafe extern "C" fn lock(file: *mut sqlite3_file, level: c_int) -> c_int {
    // SAFETY: see above.
    unsafe {
        if let Some(code) = refused(file, Operation::Lock) {
            return code;
        }
        below!(file, xLock, level)
    }
}

unsafe extern "C" fn unlock(file: *mut sqlite3_file, level: c_int) -> c_int {
    // SAFETY: see above.
    unsafe { below!(file, xUnlock, level) }
}

unsafe extern "C" fn check_reserved_lock(file: *mut sqlite3_file, held: *mut c_int) -> c_int {
    // SAFETY: see above.
    unsafe { below!(file, xCheckReservedLock, held) }
}

unsafe extern "C" fn file_control(
    file: *mut sqlite3_file,
    operation: c_int,
    argument: *mut c_void,
) -> c_int {
    // SAFETY: see above.
    unsafe { below!(file, xFileControl, operation, argument) }
}

unsafe extern "C" fn sector_size(file: *mut sqlite3_file) -> c_int {
    // SAFETY: see above.
    unsafe { below!(file, xSectorSize) }
}

unsafe extern "C" fn device_characteristics(file: *mut sqlite3_file) -> c_int {
    // SAFETY: see above.
    unsafe { below!(file, xDeviceCharacteristics) & !NOT_PROMISED }
}

unsafe extern "C" fn shm_map(
    file: *mut sqlite3_file,
    region: c_int,
    size: c_int,
    extend: c_int,
    mapped: *mut *mut c_void,
) -> c_int {
    // SAFETY: see above.
    unsafe {
        if let Some(handle) = known(file)
            && !handle.shm_exists()
            && let Some(code) = handle.meet(Operation::CreateShm).refused
        {
            return code;
        }
        below!(file, xShmMap, region, size, extend, mapped)
    }
}

unsafe extern "C" fn shm_lock(
    file: *mut sqlite3_file,
    first: c_int,
    count: c_int,
    flags: c_int,
) -> c_int {
    let writer = first == WAL_WRITE_LOCK
        && flags & ffi::SQLITE_SHM_LOCK != 0
        && flags & ffi::SQLITE_SHM_EXCLUSIVE != 0;
    // SAFETY: see above.
    unsafe {
        if writer && let Some(code) = refused(file, Operation::Lock) {
            return code;
        }
        below!(file, xShmLock, first, count, flags)
    }
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    // SAFETY: see above.
    unsafe {
        let inner = ShimFile::inner(file.cast());
        if let Some(barrier) = (*(*inner).pMethods).xShmBarrier {
            barrier(inner);
        }
    }
}

unsafe extern "C" fn shm_unmap(file: *mut sqlite3_file, delete: c_int) -> c_int {
    // SAFETY: see above.
    unsafe { below!(file, xShmUnmap, delete) }
}

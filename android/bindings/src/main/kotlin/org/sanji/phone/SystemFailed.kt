package org.sanji.phone

// An alias has no nested names, so each case has its own.

/** The app's side of the library could not do what it was asked; the reason is for diagnostics. */
typealias SystemFailed = org.sanji.core.ShellException.Failed

/** The key storage doesn't answer now; nothing is lost. */
typealias KeyUnavailable = org.sanji.core.KeyException.Unavailable

/** The key storage lost its key, or another one wrapped the bytes: the phone has to be let in again. */
typealias KeyGone = org.sanji.core.KeyException.Gone

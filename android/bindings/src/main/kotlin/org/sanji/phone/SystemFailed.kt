package org.sanji.phone

/** The app's side of the library could not do what it was asked; the reason is for diagnostics. (An alias has no nested names.) */
typealias SystemFailed = org.sanji.core.ShellException.Failed

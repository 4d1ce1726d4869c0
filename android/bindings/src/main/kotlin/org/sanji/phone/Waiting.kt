package org.sanji.phone

/** All that waits to be sent: records, and the pictures that belong to them. */
val Unsent.all: ULong get() = entries + blobs

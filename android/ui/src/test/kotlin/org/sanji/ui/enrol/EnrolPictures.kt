package org.sanji.ui.enrol

import org.junit.jupiter.api.Test
import org.sanji.checks.Relay
import org.sanji.phone.Trouble
import org.sanji.ui.Alone
import org.sanji.ui.Gallery
import org.sanji.ui.Given
import org.sanji.ui.StuckScreen
import org.sanji.ui.await
import org.sanji.ui.inWorld

class EnrolPictures {
    @Test fun `from a new phone to somebody's`() = inWorld {
        val phone = phone()
        Gallery.draw("enrol", model = { EnrolModel(phone.here(it), scope, Alone) }) { EnrolScreen(it, {}, {}) {} }
        Gallery.draw("enrol-bad-code", model = {
            phone.shell.scans += Given.Here("https://example.cn/menu")
            EnrolModel(phone.here(it), scope, Alone).apply { scan(); state.await { it.wrong != null } }
        }) { EnrolScreen(it, {}, {}) {} }
        Gallery.draw("enrol-typed", model = {
            EnrolModel(phone.here(it), scope, Alone).apply {
                type(); setAddress(relay.address); setCode("12345"); sendTyped(); state.await { it.wrong != null }
            }
        }) { EnrolScreen(it, {}, {}) {} }
        Gallery.draw("enrol-beside", model = { EnrolModel(phone.here(it), scope, Alone).apply { beside(); state.await { it.key != null } } }) { EnrolScreen(it, {}, {}) {} }
        Gallery.draw("enrol-done", 900, {
            val new = phone()
            new.shell.scans += Given.Here(relay.invite(Relay.TEACHER).first)
            EnrolModel(new.here(it), scope, Alone).apply { scan(); state.await { it.way == Way.DONE } }
        }) { EnrolScreen(it, {}, {}) {} }
        for ((name, trouble) in listOf("full" to Trouble.StorageFull(), "newer" to Trouble.UpdateNeeded(), "closed" to Trouble.Closed(), "keys" to Trouble.KeysUnavailable("x"), "failed" to Trouble.Failed("x"))) {
            Gallery.draw("stuck-$name", model = { trouble }) { StuckScreen(it, emptyList(), {}) {} }
        }
    }
}

@file:OptIn(ExperimentalTestApi::class)

package org.sanji.ui

import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isEnabled
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onFirst
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import org.junit.jupiter.api.Assertions.assertTrue
import org.sanji.phone.Wording

/** Waits until a text is seen. */
internal fun ComposeUiTest.see(text: String) = waitUntil("\"$text\" is seen", 60_000) {
    onAllNodesWithText(text, substring = true).fetchSemanticsNodes().isNotEmpty()
}

/** Taps what says this, once it can be tapped. */
internal fun ComposeUiTest.tap(text: String) {
    val that = hasText(text) and hasClickAction() and isEnabled()
    waitUntil("\"$text\" can be tapped", 60_000) { onAllNodes(that).fetchSemanticsNodes().isNotEmpty() }
    val node = onAllNodes(that).onFirst()
    runCatching { node.performScrollTo() }
    node.performClick()
}

/** Goes back by the arrow. */
internal fun ComposeUiTest.goBack(words: Wording) = onNode(hasContentDescription(words("app-back"))).performClick().let { }

/** 48 dp each way, and words for a screen reader. What is scrolled out of sight is measured all the same. */
internal fun ComposeUiTest.assertReachable(where: String) {
    waitForIdle()
    val nodes = onAllNodes(hasClickAction()).fetchSemanticsNodes()
    assertTrue(nodes.isNotEmpty()) { where }
    for (node in nodes) {
        val said = node.config.joinToString { "${it.key.name}=${it.value}" }
        val names = listOf("ContentDescription", "Text", "EditableText").filter { name -> node.config.any { it.key.name == name } }
        assertTrue(names.isNotEmpty()) { "$where: no name: $said" }
        val least = 48 * density.density - 1
        assertTrue(node.size.width >= least && node.size.height >= least) { "$where: ${node.size} is too small: $said" }
    }
}

/** How often a text is seen. */
internal fun ComposeUiTest.seen(text: String): Int = onAllNodesWithText(text, substring = true).fetchSemanticsNodes().size

/** Taps what a screen reader calls this. */
internal fun ComposeUiTest.tapKey(name: String) = onNode(hasContentDescription(name) and hasClickAction()).performClick().let { }

// The app itself is built by Gradle with an Android SDK and NDK. This was written and not run where the rest is checked: there is
// neither. See README.md.
pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositoriesMode = RepositoriesMode.FAIL_ON_PROJECT_REPOS
    repositories {
        google()
        mavenCentral()
    }
}

rootProject.name = "sanji"
include(":bindings", ":ui", ":app")

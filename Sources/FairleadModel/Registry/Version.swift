// The version of both programs.

/// Semantic version of the release.
package let fairleadVersion = "0.1.0"

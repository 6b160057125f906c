//! Static files beside contracts.

use super::{Served, serve, up, write};

async fn public(files: &[(&str, &str)]) -> Served {
    let folder = tempfile::tempdir().unwrap();
    write(
        &folder.path().join("contracts"),
        &[("hello.zen", "Given nothing\nThen print the string 'hello'\n")],
    );
    std::fs::create_dir(folder.path().join("public")).unwrap();
    write(&folder.path().join("public"), files);
    write(folder.path(), &[("secret.txt", "canary")]);
    up(folder, "public = \"@/public\"\nconvention = \"both\"").await
}

#[tokio::test]
async fn a_file_has_the_type_of_its_name() {
    let it = public(&[("a.html", "<p>a"), ("sub/b.css", "b{}"), ("c", "c"), ("d.json", "{}")]).await;
    for (path, text, media_type) in [
        ("/a.html", "<p>a", "text/html"),
        ("/sub/b.css", "b{}", "text/css"),
        ("/c", "c", "application/octet-stream"),
        ("/d.json", "{}", "application/json"),
    ] {
        let reply = it.get(path).await;
        assert_eq!((reply.status, reply.text.as_str()), (200, text), "{path}");
        assert_eq!(reply.header("content-type"), Some(media_type), "{path}");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{path}");
    }
}

#[tokio::test]
async fn what_is_said_of_a_file_gives_its_type() {
    let it = public(&[("page", "<p>x"), ("page.metadata.json", r#"{"contentType":"text/html"}"#)]).await;
    assert_eq!(it.get("/page").await.header("content-type"), Some("text/html"));
    assert_eq!(it.get("/page.metadata.json").await.status, 404);
}

#[tokio::test]
async fn what_is_said_of_a_file_and_not_understood_keeps_it_back() {
    let it = public(&[("page", "x"), ("page.metadata.json", r#"{"precondtion":"check"}"#)]).await;
    assert_eq!(it.get("/page").await.status, 422);
}

#[tokio::test]
async fn a_file_that_the_caller_has_is_not_sent_again() {
    let it = public(&[("a.txt", "one")]).await;
    let first = it.get("/a.txt").await;
    let tag = first.header("etag").unwrap().to_owned();
    let again = it.send("GET", "/a.txt", &[("if-none-match", &tag)], "").await;
    assert_eq!((again.status, again.text.as_str(), again.header("etag")), (304, "", Some(tag.as_str())));
    std::fs::write(it.folder.path().join("public/a.txt"), "three").unwrap();
    let changed = it.send("GET", "/a.txt", &[("if-none-match", &tag)], "").await;
    assert_eq!((changed.status, changed.text.as_str()), (200, "three"));
}

#[tokio::test]
async fn the_head_of_a_file_has_its_length_and_nothing_else() {
    let it = public(&[("a.txt", "one")]).await;
    let head = it.send("HEAD", "/a.txt", &[], "").await;
    assert_eq!((head.status, head.header("content-length"), head.text.as_str()), (200, Some("3"), ""));
    assert_eq!(it.send("POST", "/a.txt", &[], "").await.status, 405);
}

#[tokio::test]
async fn no_path_leaves_the_folder() {
    let it = public(&[
        (".env", "canary"),
        (".git/config", "canary"),
        ("sub/.hidden", "canary"),
        ("x.keys.json", "canary"),
        ("x.slang", "canary"),
        ("sub/a.txt", "fine"),
    ])
    .await;
    let root = it.folder.path();
    std::os::unix::fs::symlink(root.join("secret.txt"), root.join("public/link.txt")).unwrap();
    std::os::unix::fs::symlink(root, root.join("public/up")).unwrap();
    let absolute = root.join("secret.txt");
    let long = format!("/{}", "a/".repeat(10_000));
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/sub/../../secret.txt",
        "/sub/%2e%2e/%2e%2e/secret.txt",
        "/..%5csecret.txt",
        "/link.txt",
        "/up/secret.txt",
        "/.env",
        "/%2eenv",
        "/.git/config",
        "/sub/.hidden",
        "//secret.txt",
        "/sub//a.txt",
        "/sub/",
        "/sub",
        "/sub/a.txt/",
        "/sub/a.txt%00",
        "/%00",
        "/x.keys.json",
        "/x.slang",
        "/%252e%252e/secret.txt",
        absolute.to_str().unwrap(),
        &format!("/{}", absolute.display()),
        &long,
    ] {
        let reply = it.raw(path).await;
        assert!(!reply.contains("canary") && !reply.starts_with("HTTP/1.1 200"), "{path}: {reply}");
    }
    assert!(it.raw("/sub/a.txt").await.ends_with("fine"));
}

#[tokio::test]
async fn a_link_inside_the_folder_is_followed() {
    let it = public(&[("a.txt", "one")]).await;
    std::os::unix::fs::symlink("a.txt", it.folder.path().join("public/b.txt")).unwrap();
    assert_eq!(it.get("/b.txt").await.text, "one");
}

#[tokio::test]
async fn a_contract_comes_before_a_file() {
    let it = public(&[("hello", "file"), ("health", "file")]).await;
    assert_eq!(it.get("/hello").await.text, "{\"output\":[\"hello\"]}");
    assert_ne!(it.get("/health").await.text, "file");
}

#[tokio::test]
async fn a_file_with_a_precondition_is_served_when_it_is_met() {
    let check = "Given I have a 'string' named 'query_param'\nGiven I have a 'string' named 'expected'\n\
        When I verify 'query_param' is equal to 'expected'\nThen print data\n";
    let it = public(&[
        ("page", "<p>x"),
        ("page.metadata.json", r#"{"contentType":"text/html","precondition":".page"}"#),
        (".page.slang", check),
        (".page.keys.json", r#"{"expected":"hello"}"#),
        ("lost", "x"),
        ("lost.metadata.json", r#"{"precondition":"../secret"}"#),
    ])
    .await;
    assert_eq!(it.get("/page?query_param=hello").await.text, "<p>x");
    assert_eq!(it.get("/page?query_param=wrong").await.status, 403);
    assert_eq!(it.get("/page?query_param=wrong&expected=wrong").await.status, 403);
    assert_eq!(it.get("/page").await.status, 403);
    assert_eq!(it.get("/lost").await.status, 403);
}

#[tokio::test]
async fn a_large_file_arrives_whole() {
    let it = public(&[]).await;
    let text = "0123456789abcdef".repeat(256 * 1024);
    std::fs::write(it.folder.path().join("public/large.txt"), &text).unwrap();
    assert!(it.get("/large.txt").await.text == text);
}

#[tokio::test]
async fn without_a_public_folder_there_are_no_files() {
    let it = serve("", &[("a.zen", "")]).await;
    assert_eq!(it.get("/a.zen").await.status, 404);
}

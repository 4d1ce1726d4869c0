//! The review pages, as different people meet them.

mod county;
mod town;

use town::Town;

#[tokio::test]
async fn first() {
    let town = Town::open().await;
    let cookie = town.sign_in("supervisor").await;
    for path in ["/county", "/schools/nnswyzjnfuws2/2026-W10", "/devices", "/flagged"] {
        let text = town.get(&cookie, path).await;
        println!("{path} {} {}", text.status, text.text);
    }
}

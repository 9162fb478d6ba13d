//! Builds again when the page was built, or taken away: what embeds it does not notice that by itself.

fn main() {
    println!("cargo:rerun-if-changed=../query/web/dist");
}

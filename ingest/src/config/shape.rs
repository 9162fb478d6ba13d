//! The keys of a configuration: which of them are tables, and of what kind. Their names come from the
//! structs.

use kayoi_settings::Shape::{Foreign, Free, List, Table};
use kayoi_settings::{Keys, keys};

use super::Config;
use super::feed::FeedConfig;
use super::kafka::KafkaConfig;
use super::sections::{
    CommitConfig, EventTimeConfig, LakeConfig, MemoryConfig, MetricsConfig, PlacesConfig, RegistryConfig,
};

/// All keys of a configuration.
pub(super) fn config() -> Keys {
    let kafka = keys::<KafkaConfig>(vec![("librdkafka", Foreign)]);
    let feed = keys::<FeedConfig>(vec![("map", Free)]);
    keys::<Config>(vec![
        ("lake", Table(keys::<LakeConfig>(vec![]))),
        ("places", Table(keys::<PlacesConfig>(vec![]))),
        ("kafka", Table(kafka)),
        ("registry", Table(keys::<RegistryConfig>(vec![]))),
        ("commit", Table(keys::<CommitConfig>(vec![]))),
        ("memory", Table(keys::<MemoryConfig>(vec![]))),
        ("event_time", Table(keys::<EventTimeConfig>(vec![]))),
        ("metrics", Table(keys::<MetricsConfig>(vec![]))),
        ("feed", List(feed)),
    ])
}

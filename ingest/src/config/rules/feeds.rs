//! Rules of `[[feed]]`: every topic belongs to one feed, and every feed can be decoded.

use std::collections::HashMap;

use kayoi_schemas::ping::CONTRACT;
use kayoi_settings::nearest;

use super::Rules;
use crate::config::error::ConfigError;
use crate::config::feed::{FeedConfig, RecordFormat};
use crate::format::value::zone::Zone;

impl Rules<'_> {
    pub(super) fn feeds(&self) -> Result<(), ConfigError> {
        let feeds = &self.config.feed;
        if feeds.is_empty() {
            let because = "there is nothing to read".to_owned();
            return Err(self.missing("feed", because, "write a [[feed]] with `partner` and `topics`"));
        }
        for (number, feed) in feeds.iter().enumerate() {
            self.feed(feed, &|key| format!("feed.{number}.{key}"))?;
        }
        self.one_feed_a_topic()
    }

    fn feed(&self, feed: &FeedConfig, key: &dyn Fn(&str) -> String) -> Result<(), ConfigError> {
        self.name(&key("partner"), &feed.partner)?;
        if feed.topics.is_empty() {
            let because = "there is nothing to read".to_owned();
            return Err(self.missing(&key("topics"), because, "write a list, as in `topics = [\"pings\"]`"));
        }
        for topic in &feed.topics {
            self.name(&key("topics"), topic)?;
        }
        let (record, queue) = (feed.max_record_bytes, self.config.memory.queue);
        if record.bytes() == 0 || record > queue {
            let allowed = format!("more than 0 and at most `memory.queue`, {queue}");
            return Err(self.wrong(&key("max_record_bytes"), record, &allowed));
        }
        if let Some(zone) = feed.timestamp_zone.as_deref().filter(|zone| Zone::parse(zone).is_err()) {
            let allowed = "a name of the IANA database, as `Asia/Tokyo`, or an offset, as `+09:00`";
            return Err(self.wrong(&key("timestamp_zone"), zone, allowed));
        }
        self.decoding(feed, key)?;
        self.mapping(feed, key)
    }

    fn decoding(&self, feed: &FeedConfig, key: &dyn Fn(&str) -> String) -> Result<(), ConfigError> {
        let has_schema = matches!(feed.format, RecordFormat::Avro | RecordFormat::Protobuf);
        if has_schema && feed.schema_file.is_none() && self.config.registry.url.is_none() {
            let because =
                format!("the feed at `{}` has framed records, and their schemas are there", key("format"));
            let hint =
                "set the URL of the registry, or `schema_file` of the feed when records are not framed";
            return Err(self.missing("registry.url", because, hint));
        }
        if feed.schema_file.is_some() && !has_schema {
            let needs = "`format` `avro` or `protobuf`";
            return Err(self.no_effect(&key("schema_file"), needs, "set the format"));
        }
        if feed.message.is_some() && !(feed.format == RecordFormat::Protobuf && feed.schema_file.is_some()) {
            let needs = "`format` `protobuf` with a `schema_file`";
            return Err(self.no_effect(&key("message"), needs, "set both; a frame names its message itself"));
        }
        Ok(())
    }

    fn mapping(&self, feed: &FeedConfig, key: &dyn Fn(&str) -> String) -> Result<(), ConfigError> {
        let fields: Vec<&'static str> = CONTRACT.iter().map(|field| field.name).collect();
        let wrong = feed.map.iter().find(|(_, ours)| !fields.contains(&ours.as_str()));
        let Some((theirs, ours)) = wrong else { return Ok(()) };
        let key = key(&format!("map.{theirs}"));
        let (place, nearest) = (self.document.place(&key), nearest(ours, &fields));
        Err(ConfigError::UnknownField { field: ours.clone(), nearest, place, key })
    }

    fn one_feed_a_topic(&self) -> Result<(), ConfigError> {
        let mut seen: HashMap<&str, String> = HashMap::new();
        for (number, feed) in self.config.feed.iter().enumerate() {
            for topic in &feed.topics {
                let key = format!("feed.{number}.topics");
                if let Some(first) = seen.insert(topic, key.clone()) {
                    let place = self.document.place(&key);
                    return Err(ConfigError::SameTopic { topic: topic.clone(), first, second: key, place });
                }
            }
        }
        Ok(())
    }
}

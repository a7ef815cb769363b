package dev.roomful.centrifuge;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/**
 * Writes one message in JSON. Some fields are written even if they are empty, because not every SDK
 * checks whether they are present: messages, reasons, codes, the client, and the time to live of
 * something that expires.
 */
final class JsonWriter {
  private final JsonFieldWriter fields = new JsonFieldWriter();
  private final JsonGenerator json = fields.json;

  /** {@return a whole message} */
  static byte[] encode(ServerMessage message) {
    return message instanceof Reply reply && reply.outcome() instanceof Reply.Published
        ? publishReply(reply.id())
        : new JsonWriter().write(message);
  }

  /** The reply to each publication: so short and frequent that it needs no generator. */
  private static byte[] publishReply(long id) {
    return ("{\"id\":" + id + ",\"publish\":{}}").getBytes(StandardCharsets.US_ASCII);
  }

  private byte[] write(ServerMessage message) {
    json.writeStartObject();
    if (message instanceof Reply reply) {
      json.writeNumberProperty("id", reply.id());
      outcome(reply.outcome());
    } else if (message instanceof Push push) {
      json.writeObjectPropertyStart("push");
      push(push);
      json.writeEndObject();
    }
    json.writeEndObject();
    return fields.finish().getBytes(StandardCharsets.UTF_8);
  }

  /** {@return a publication push up to the value of its time, which the offset follows} */
  byte[] upToTime(String channel, Publication publication) {
    json.writeStartObject();
    json.writeObjectPropertyStart("push");
    fields.string("channel", channel);
    json.writeObjectPropertyStart("pub");
    beforeTime(publication);
    return fields.upToValue("time");
  }

  private void outcome(Reply.Outcome outcome) {
    if (outcome instanceof ClientError error) {
      json.writeObjectPropertyStart("error");
      error(error);
    } else if (outcome instanceof Reply.Connected connected) {
      json.writeObjectPropertyStart("connect");
      connected(connected);
    } else if (outcome instanceof Reply.Subscribed subscribed) {
      json.writeObjectPropertyStart("subscribe");
      subscribed(subscribed);
    } else if (outcome instanceof Reply.Unsubscribed) {
      json.writeObjectPropertyStart("unsubscribe");
    } else if (outcome instanceof Reply.PresenceResult presenceResult) {
      json.writeObjectPropertyStart("presence");
      json.writeObjectPropertyStart("presence");
      presenceResult.clients().forEach(this::info);
      json.writeEndObject();
    } else if (outcome instanceof Reply.PresenceStatsResult statsResult) {
      json.writeObjectPropertyStart("presence_stats");
      json.writeNumberProperty("num_clients", statsResult.clients());
      json.writeNumberProperty("num_users", statsResult.users());
    } else if (outcome instanceof Reply.HistoryResult historyResult) {
      json.writeObjectPropertyStart("history");
      json.writeArrayPropertyStart("publications");
      publications(historyResult.publications());
      json.writeEndArray();
      position(historyResult.position());
    } else if (outcome instanceof Reply.RpcResult rpcResult) {
      json.writeObjectPropertyStart("rpc");
      fields.data("data", rpcResult.data());
    } else if (outcome instanceof Reply.Refreshed refreshed) {
      json.writeObjectPropertyStart("refresh");
      fields.string("client", refreshed.client());
      fields.string("version", refreshed.version());
      timeToLive(refreshed.timeToLive());
    } else if (outcome instanceof Reply.SubRefreshed refreshed) {
      json.writeObjectPropertyStart("sub_refresh");
      timeToLive(refreshed.timeToLive());
    }
    json.writeEndObject();
  }

  private void error(ClientError error) {
    json.writeNumberProperty("code", error.code());
    json.writeStringProperty("message", error.message());
    fields.bool("temporary", error.temporary());
  }

  private void connected(Reply.Connected connected) {
    json.writeStringProperty("client", connected.client());
    fields.string("version", connected.version());
    timeToLive(connected.timeToLive());
    fields.data("data", connected.data());
    if (!connected.subs().isEmpty()) {
      json.writeObjectPropertyStart("subs");
      for (Map.Entry<String, Reply.Subscribed> sub : connected.subs().entrySet()) {
        json.writeObjectPropertyStart(sub.getKey());
        subscribed(sub.getValue());
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    fields.number("ping", connected.ping());
    fields.bool("pong", connected.pong());
    fields.string("session", connected.session());
    fields.string("node", connected.node());
  }

  private void subscribed(Reply.Subscribed subscribed) {
    timeToLive(subscribed.timeToLive());
    fields.bool("recoverable", subscribed.recoverable());
    fields.bool("positioned", subscribed.positioned());
    position(subscribed.position());
    fields.bool("was_recovering", subscribed.wasRecovering());
    fields.bool("recovered", subscribed.recovered());
    if (!subscribed.publications().isEmpty()) {
      json.writeArrayPropertyStart("publications");
      publications(subscribed.publications());
      json.writeEndArray();
    }
    fields.data("data", subscribed.data());
  }

  private void push(Push push) {
    if (push instanceof Push.Publish publish) {
      channel(publish.channel(), "pub");
      publication(publish.publication());
    } else if (push instanceof Push.Join join) {
      channel(join.channel(), "join");
      info("info", join.info());
    } else if (push instanceof Push.Leave leave) {
      channel(leave.channel(), "leave");
      info("info", leave.info());
    } else if (push instanceof Push.Unsubscribe unsubscribe) {
      channel(unsubscribe.channel(), "unsubscribe");
      json.writeNumberProperty("code", unsubscribe.status().code());
      json.writeStringProperty("reason", unsubscribe.status().reason());
    } else if (push instanceof Push.DirectMessage message) {
      json.writeObjectPropertyStart("message");
      fields.data("data", message.data());
    } else if (push instanceof Push.Subscribe subscribe) {
      channel(subscribe.channel(), "subscribe");
      fields.bool("recoverable", subscribe.recoverable());
      fields.bool("positioned", subscribe.positioned());
      position(subscribe.position());
      fields.data("data", subscribe.data());
    } else if (push instanceof Push.Disconnecting disconnecting) {
      json.writeObjectPropertyStart("disconnect");
      json.writeNumberProperty("code", disconnecting.status().code());
      json.writeStringProperty("reason", disconnecting.status().reason());
      fields.bool("reconnect", disconnecting.status().reconnects());
    } else if (push instanceof Push.Refresh refresh) {
      json.writeObjectPropertyStart("refresh");
      timeToLive(refresh.timeToLive());
    }
    json.writeEndObject();
  }

  private void channel(String channel, String kind) {
    fields.string("channel", channel);
    json.writeObjectPropertyStart(kind);
  }

  private void publications(List<Publication> publications) {
    for (Publication publication : publications) {
      json.writeRawValue(publication.json(JsonWriter::object));
    }
  }

  private static String object(Publication publication) {
    JsonWriter writer = new JsonWriter();
    writer.json.writeStartObject();
    writer.publication(publication);
    writer.json.writeEndObject();
    return writer.fields.finish();
  }

  private void publication(Publication publication) {
    beforeTime(publication);
    fields.number("time", publication.time());
    fields.number("offset", publication.offset());
  }

  private void beforeTime(Publication publication) {
    fields.data("data", publication.data());
    if (publication.info() != null) {
      info("info", publication.info());
    }
    if (!publication.tags().isEmpty()) {
      json.writeObjectPropertyStart("tags");
      publication.tags().forEach(this::tag);
      json.writeEndObject();
    }
  }

  private void tag(String name, String value) {
    json.writeStringProperty(name, value);
  }

  private void info(String name, ClientInfo info) {
    json.writeObjectPropertyStart(name);
    fields.string("user", info.user());
    fields.string("client", info.client());
    fields.data("conn_info", info.connInfo());
    fields.data("chan_info", info.chanInfo());
    json.writeEndObject();
  }

  private void position(StreamPosition position) {
    fields.number("offset", position.offset());
    fields.string("epoch", position.epoch());
  }

  private void timeToLive(Reply.TimeToLive timeToLive) {
    if (timeToLive.expires()) {
      json.writeBooleanProperty("expires", true);
      json.writeNumberProperty("ttl", timeToLive.seconds());
    }
  }
}

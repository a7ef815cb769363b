package dev.roomful.centrifuge;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/**
 * Writes one message in JSON. What is empty, 0 or false is left out, as the schema has it for a
 * value that was not set.
 */
final class JsonWriter {
  private final StringWriter text = new StringWriter(128);
  private final JsonGenerator json = Json.LENIENT.createGenerator(ObjectWriteContext.empty(), text);

  byte[] write(Outgoing message) {
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
    json.close();
    return bytes();
  }

  /** A publication push up to the number of its offset. */
  byte[] beforeOffset(String channel, Publication publication) {
    json.writeStartObject();
    json.writeObjectPropertyStart("push");
    string("channel", channel);
    json.writeObjectPropertyStart("pub");
    beforeOffset(publication);
    json.writeName("offset");
    json.flush();
    text.append(':');
    return bytes();
  }

  private byte[] bytes() {
    return text.toString().getBytes(StandardCharsets.UTF_8);
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
    } else if (outcome instanceof Reply.Left) {
      json.writeObjectPropertyStart("unsubscribe");
    } else if (outcome instanceof Reply.Published) {
      json.writeObjectPropertyStart("publish");
    } else if (outcome instanceof Reply.Present present) {
      json.writeObjectPropertyStart("presence");
      json.writeObjectPropertyStart("presence");
      present.clients().forEach(this::info);
      json.writeEndObject();
    } else if (outcome instanceof Reply.Count count) {
      json.writeObjectPropertyStart("presence_stats");
      json.writeNumberProperty("num_clients", count.clients());
      json.writeNumberProperty("num_users", count.users());
    } else if (outcome instanceof Reply.Past past) {
      json.writeObjectPropertyStart("history");
      json.writeArrayPropertyStart("publications");
      publications(past.publications());
      json.writeEndArray();
      position(past.position());
    } else if (outcome instanceof Reply.Answer answer) {
      json.writeObjectPropertyStart("rpc");
      data("data", answer.data());
    } else if (outcome instanceof Reply.Refreshed refreshed) {
      json.writeObjectPropertyStart("refresh");
      string("client", refreshed.client());
      string("version", refreshed.version());
      expiry(refreshed.expiry());
    } else if (outcome instanceof Reply.SubRefreshed refreshed) {
      json.writeObjectPropertyStart("sub_refresh");
      expiry(refreshed.expiry());
    }
    json.writeEndObject();
  }

  private void error(ClientError error) {
    json.writeNumberProperty("code", error.code());
    string("message", error.message());
    bool("temporary", error.temporary());
  }

  private void connected(Reply.Connected connected) {
    string("client", connected.client());
    string("version", connected.version());
    expiry(connected.expiry());
    data("data", connected.data());
    if (!connected.subs().isEmpty()) {
      json.writeObjectPropertyStart("subs");
      for (Map.Entry<String, Reply.Subscribed> sub : connected.subs().entrySet()) {
        json.writeObjectPropertyStart(sub.getKey());
        subscribed(sub.getValue());
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    number("ping", connected.ping());
    bool("pong", connected.pong());
    string("session", connected.session());
    string("node", connected.node());
  }

  private void subscribed(Reply.Subscribed subscribed) {
    expiry(subscribed.expiry());
    bool("recoverable", subscribed.recoverable());
    bool("positioned", subscribed.positioned());
    position(subscribed.position());
    bool("was_recovering", subscribed.wasRecovering());
    bool("recovered", subscribed.recovered());
    if (!subscribed.publications().isEmpty()) {
      json.writeArrayPropertyStart("publications");
      publications(subscribed.publications());
      json.writeEndArray();
    }
    data("data", subscribed.data());
  }

  private void push(Push push) {
    if (push instanceof Push.Said said) {
      channel(said.channel(), "pub");
      publication(said.publication());
    } else if (push instanceof Push.Join join) {
      channel(join.channel(), "join");
      info("info", join.info());
    } else if (push instanceof Push.Leave leave) {
      channel(leave.channel(), "leave");
      info("info", leave.info());
    } else if (push instanceof Push.Unsubscribe unsubscribe) {
      channel(unsubscribe.channel(), "unsubscribe");
      json.writeNumberProperty("code", unsubscribe.why().code());
      string("reason", unsubscribe.why().reason());
    } else if (push instanceof Push.Message message) {
      json.writeObjectPropertyStart("message");
      data("data", message.data());
    } else if (push instanceof Push.Subscribe subscribe) {
      channel(subscribe.channel(), "subscribe");
      bool("recoverable", subscribe.recoverable());
      bool("positioned", subscribe.positioned());
      position(subscribe.position());
      data("data", subscribe.data());
    } else if (push instanceof Push.Goodbye goodbye) {
      json.writeObjectPropertyStart("disconnect");
      json.writeNumberProperty("code", goodbye.why().code());
      string("reason", goodbye.why().reason());
      bool("reconnect", goodbye.why().reconnects());
    } else if (push instanceof Push.Refresh refresh) {
      json.writeObjectPropertyStart("refresh");
      expiry(refresh.expiry());
    }
    json.writeEndObject();
  }

  private void channel(String channel, String kind) {
    string("channel", channel);
    json.writeObjectPropertyStart(kind);
  }

  private void publications(List<Publication> publications) {
    for (Publication publication : publications) {
      json.writeStartObject();
      publication(publication);
      json.writeEndObject();
    }
  }

  private void publication(Publication publication) {
    beforeOffset(publication);
    number("offset", publication.offset());
  }

  private void beforeOffset(Publication publication) {
    data("data", publication.data());
    if (publication.info() != null) {
      info("info", publication.info());
    }
    if (!publication.tags().isEmpty()) {
      json.writeObjectPropertyStart("tags");
      publication.tags().forEach(this::tag);
      json.writeEndObject();
    }
    number("time", publication.time());
  }

  private void tag(String name, String value) {
    json.writeStringProperty(name, value);
  }

  private void info(String name, ClientInfo info) {
    json.writeObjectPropertyStart(name);
    string("user", info.user());
    string("client", info.client());
    data("conn_info", info.connection());
    data("chan_info", info.channel());
    json.writeEndObject();
  }

  private void position(StreamPosition position) {
    number("offset", position.offset());
    string("epoch", position.epoch());
  }

  private void expiry(Reply.Expiry expiry) {
    bool("expires", expiry.expires());
    number("ttl", expiry.ttl());
  }

  private void string(String name, String value) {
    if (!value.isEmpty()) {
      json.writeStringProperty(name, value);
    }
  }

  private void number(String name, long value) {
    if (value != 0) {
      json.writeNumberProperty(name, value);
    }
  }

  private void bool(String name, boolean value) {
    if (value) {
      json.writeBooleanProperty(name, true);
    }
  }

  /** As it is, but for line feeds: they end messages, and mean nothing between JSON's tokens. */
  private void data(String name, Data data) {
    if (data.isEmpty()) {
      return;
    }
    if (!data.isJson()) {
      throw new IllegalArgumentException(
          "a client that speaks JSON cannot be sent \""
              + name
              + "\" of "
              + data
              + ", which are no JSON: ask Codec.carries first");
    }
    json.writeName(name);
    json.writeRawValue(data.text().replace('\n', ' '));
  }
}

package dev.roomful.centrifuge;

import dev.roomful.Message;
import dev.roomful.Page;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Position;
import dev.roomful.Role;
import dev.roomful.Room;
import dev.roomful.dialect.Presence;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What one client asks for beside its subscriptions. */
final class Requests {
  private static final System.Logger LOG = System.getLogger("dev.roomful.centrifuge");

  private final Client client;

  Requests(Client client) {
    this.client = client;
  }

  Reply.@Nullable Outcome answer(Request request) {
    if (request instanceof Request.Publish publish) {
      return publish(publish);
    }
    if (request instanceof Request.Presence presence) {
      return in(presence.channel(), this::presence);
    }
    if (request instanceof Request.PresenceStats stats) {
      return in(stats.channel(), this::stats);
    }
    if (request instanceof Request.History history) {
      return in(history.channel(), room -> history(room, history));
    }
    if (request instanceof Request.Rpc rpc) {
      return call(rpc);
    }
    return ClientError.METHOD_NOT_FOUND;
  }

  private interface InRoom {
    Reply.Outcome answer(Room room);
  }

  /** Only those who are in a room are told about it. */
  private Reply.@Nullable Outcome in(String channel, InRoom what) {
    if (channel.isEmpty()) {
      return client.disconnect(Disconnect.BAD_REQUEST);
    }
    Optional<Room> room =
        client.guest.isIn(channel) ? client.door.chat.room(channel) : Optional.empty();
    return room.isPresent() ? what.answer(room.get()) : ClientError.PERMISSION_DENIED;
  }

  private Reply.@Nullable Outcome publish(Request.Publish request) {
    if (request.channel().isEmpty()) {
      return client.disconnect(Disconnect.BAD_REQUEST);
    }
    if (request.data().isEmpty()) {
      return ClientError.BAD_REQUEST;
    }
    return client
        .guest
        .say(request.channel(), Words.payload(request.data()))
        .<Reply.Outcome>map(Words::error)
        .orElseGet(Reply.Published::new);
  }

  private Reply.Outcome presence(Room room) {
    if (mayNotSee(room)) {
      return ClientError.PERMISSION_DENIED;
    }
    Map<String, ClientInfo> clients = new HashMap<>();
    for (Presence one : client.guest.present(room.name())) {
      clients.put(one.connection(), Words.info(one));
    }
    return new Reply.Present(clients);
  }

  private Reply.Outcome stats(Room room) {
    if (mayNotSee(room)) {
      return ClientError.PERMISSION_DENIED;
    }
    List<Presence> present = client.guest.present(room.name());
    long users = present.stream().map(Presence::participant).distinct().count();
    return new Reply.Count(present.size(), (int) users);
  }

  private boolean mayNotSee(Room room) {
    return room.by(client.guest.participant()).objection(Role.Act.SEE).isPresent();
  }

  private Reply.Outcome history(Room room, Request.History request) {
    if (room.options().history().messages() == 0) {
      return ClientError.NOT_AVAILABLE;
    }
    Position top = room.position(); // first: what comes meanwhile is of the next page
    StreamPosition since = request.since();
    if (since != null && since.offset() == 0 && request.reverse()) {
      return ClientError.BAD_REQUEST; // nothing can be before the first
    }
    if (since != null && !since.epoch().isEmpty() && !since.epoch().equals(top.epoch())) {
      return ClientError.UNRECOVERABLE_POSITION;
    }
    List<Publication> found = new ArrayList<>();
    for (Message one :
        room.history(Page.last(Integer.MAX_VALUE), client.guest.participant()).orElse(List.of())) {
      long offset = one.position().map(Position::offset).orElse(0L);
      if (offset <= top.offset() && isOn(request, offset)) {
        found.add(Words.publication(one));
      }
    }
    if (request.reverse()) {
      Collections.reverse(found);
    }
    int most = request.limit() < 0 ? found.size() : Math.min(request.limit(), found.size());
    List<Publication> page = fitting(found.subList(0, most));
    if (!page.stream().allMatch(one -> client.form.codec.carries(one.data()))) {
      return ClientError.NOT_AVAILABLE;
    }
    return new Reply.Past(page, Words.position(top));
  }

  private static boolean isOn(Request.History request, long offset) {
    StreamPosition since = request.since();
    return since == null || (request.reverse() ? offset < since.offset() : offset > since.offset());
  }

  /** No more than half an outbox: the client asks for the rest. */
  private List<Publication> fitting(List<Publication> all) {
    long left = client.door.limits().outboxBytes() / 2;
    int count = 0;
    while (count < all.size()) {
      left -= size(all.get(count));
      if (left < 0) {
        break;
      }
      count++;
    }
    return all.subList(0, count);
  }

  private static long size(Publication one) {
    ClientInfo info = one.info();
    long about = info == null ? 0 : info.connection().size() + info.channel().size();
    return one.data().size() + about + 256;
  }

  private Reply.Outcome call(Request.Rpc request) {
    if (client.door.calls.isEmpty()) {
      return ClientError.NOT_AVAILABLE;
    }
    Centrifuge.Call call = client.door.calls.get(request.method());
    if (call == null) {
      return ClientError.METHOD_NOT_FOUND;
    }
    Participant who = client.guest.participant();
    try {
      Data answer = Words.data(call.answer(who, payload(request.data())));
      return client.form.codec.carries(answer)
          ? new Reply.Answer(answer)
          : ClientError.NOT_AVAILABLE;
    } catch (CallRefused refused) {
      return new ClientError(refused.code(), String.valueOf(refused.getMessage()), false);
    } catch (RuntimeException failure) {
      LOG.log(Level.ERROR, () -> "rpc " + request.method() + " failed for " + who, failure);
      return ClientError.INTERNAL;
    }
  }

  /** A message in no channel. */
  void sent(Request.Send request) {
    BiConsumer<Participant, Payload> listener = client.door.listener;
    if (listener == null) {
      var unused = client.disconnect(Disconnect.NOT_AVAILABLE);
    } else {
      listener.accept(client.guest.participant(), payload(request.data()));
    }
  }

  private static Payload payload(Data data) {
    return data.isEmpty() ? Payload.text("") : Words.payload(data);
  }
}

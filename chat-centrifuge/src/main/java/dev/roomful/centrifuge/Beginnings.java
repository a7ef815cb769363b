package dev.roomful.centrifuge;

import dev.roomful.Arrival;
import dev.roomful.Message;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.dialect.Welcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one client is told when a subscription of its begins. */
final class Beginnings {
  private final Client client;

  Beginnings(Client client) {
    this.client = client;
  }

  /** The reply, or what the reply to connect has of it. */
  Reply.Subscribed made(
      Request.Subscribe request,
      Pass pass,
      Arrival arrival,
      List<Message> missed,
      @Nullable Payload greeting) {
    boolean recoverable = pass.terms().isRecoverable(arrival.room(), request.recoverable());
    StreamPosition top = Words.position(arrival.position());
    // The epoch of a room that is made just now was not known when its past was asked for.
    boolean newborn = top.offset() == 0 && request.since().equals(StreamPosition.START);
    boolean recovered = recoverable && request.recover() && (arrival.recovered() || newborn);
    return new Reply.Subscribed(
        pass.lease().expiry(client.now()),
        recoverable || request.positioned() || pass.terms().isPositioned(),
        recoverable,
        recovered ? new StreamPosition(request.since().offset(), top.epoch()) : top,
        request.recover(),
        recovered,
        recovered ? missed.stream().map(Words::publication).toList() : List.of(),
        greeting == null ? pass.terms().data() : Words.data(greeting));
  }

  /** Or the connection ends: what was missed, or the greeting, is no JSON. */
  boolean isSayable(Reply.Subscribed made) {
    boolean sayable =
        client.form.codec.carries(made.data())
            && made.publications().stream().allMatch(one -> client.form.codec.carries(one.data()));
    if (!sayable) {
      var unused = client.disconnect(Disconnect.INAPPROPRIATE_PROTOCOL);
    }
    return sayable;
  }

  /** The application brings the client into a room. */
  Welcome brought() {
    return (arrival, missed, greeting) -> {
      Room room = arrival.room();
      boolean recoverable = SubscriptionTerms.USUAL.isRecoverable(room, false);
      List<byte[]> pushes = new ArrayList<>();
      Data data = greeting == null ? Data.NONE : Words.data(greeting);
      List<Publication> publications = missed.stream().map(Words::publication).toList();
      Reply.Subscribed words =
          new Reply.Subscribed(
              Reply.Expiry.NEVER,
              recoverable,
              recoverable,
              Words.position(arrival.position()),
              false,
              false,
              publications,
              data);
      if (!isSayable(words)) {
        return null;
      }
      pushes.add(
          client.form.codec.encode(
              new Push.Subscribe(room.name(), recoverable, recoverable, words.position(), data)));
      for (Publication one : publications) {
        pushes.add(client.form.codec.encode(new Push.Said(room.name(), one)));
      }
      return client.form.frame(client.form.codec.join(pushes));
    };
  }
}

package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.roomful.Amendment;
import dev.roomful.History;
import dev.roomful.Message;
import dev.roomful.Payload;
import dev.roomful.RoomOptions;
import dev.roomful.admission.HistoryRange;
import dev.roomful.testsupport.Await;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What clients that recover the same messages share. */
class StoredPublicationsTest extends CentrifugeChatFixture {
  private final StoredPublications publications = new StoredPublications();

  private Message stored() {
    recreateChat(RoomOptions.defaults().withHistory(History.of(10)));
    chat.connect("lobby", "bob").send("1");
    return firstStored();
  }

  private Message firstStored() {
    return room("lobby").history(HistoryRange.last(10)).orElseThrow().get(0);
  }

  @Test
  void clientsShareThePublicationOfAStoredMessage() {
    Message message = stored();
    // More than one attempt, because a collection may come between the two calls.
    Await.until(
        "both calls return the same",
        () -> {
          Publication first = publications.of(message);
          return first == publications.of(message);
        });
  }

  @Test
  void anEditedMessageHasAnotherPublication() {
    Message message = stored();
    Publication before = publications.of(message);
    room("lobby").amend(Amendment.edit(message.position().orElseThrow()), Payload.text("2"));
    assertEquals("1", before.data().text());
    assertEquals("2", publications.of(firstStored()).data().text());
  }

  @Test
  void aPublicationThatNobodyUsesIsCollected() {
    Message message = stored();
    WeakReference<Publication> publication = new WeakReference<>(publications.of(message));
    Await.until(
        "the publication is collected",
        () -> {
          System.gc();
          return publication.get() == null;
        });
    assertEquals("1", publications.of(message).data().text());
  }

  @Test
  void eachFormOfAPublicationIsEncodedOnce() {
    Publication publication = new Publication(RawData.of("1"), null, 1, Map.of(), 0);
    AtomicInteger calls = new AtomicInteger();
    for (int i = 0; i < 2; i++) {
      assertEquals("json 1", publication.json(one -> "json " + calls.incrementAndGet()));
    }
    Object encoded = publication.protobuf(one -> "protobuf " + calls.incrementAndGet());
    assertSame(encoded, publication.protobuf(one -> "protobuf " + calls.incrementAndGet()));
    assertEquals(2, calls.get());
  }
}

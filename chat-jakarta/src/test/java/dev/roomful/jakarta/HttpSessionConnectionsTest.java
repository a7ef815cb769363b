package dev.roomful.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionBindingEvent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpSessionConnectionsTest {
  private final HttpSession session = mock(HttpSession.class);
  private final Map<String, Object> attributes = new HashMap<>();
  private final List<String> closed = new ArrayList<>();

  @BeforeEach
  void stubSession() {
    when(session.getAttribute(any())).thenAnswer(call -> attributes.get(call.getArgument(0)));
    doAnswer(call -> attributes.put(call.getArgument(0), call.getArgument(1)))
        .when(session)
        .setAttribute(any(), any());
  }

  private void end(HttpSessionConnections connections) {
    connections.valueUnbound(
        new HttpSessionBindingEvent(session, HttpSessionConnections.ATTRIBUTE, connections));
  }

  @Test
  void handshakesOfOneSessionShareItsConnections() {
    assertSame(HttpSessionConnections.of(session), HttpSessionConnections.of(session));
  }

  @Test
  void theConnectionsThatAreOpenWhenTheSessionEndsAreClosedOnce() {
    HttpSessionConnections connections = HttpSessionConnections.of(session);
    Runnable left = () -> closed.add("left");
    assertTrue(connections.add(() -> closed.add("first")));
    assertTrue(connections.add(left));
    assertTrue(connections.add(() -> closed.add("second")));
    connections.remove(left);
    end(connections);
    end(connections);
    assertEquals(List.of("first", "second"), closed);
  }

  @Test
  void aConnectionMayBeRemovedWhileItIsClosed() {
    HttpSessionConnections connections = HttpSessionConnections.of(session);
    Runnable[] close = new Runnable[1];
    close[0] =
        () -> {
          closed.add("closed");
          connections.remove(close[0]);
        };
    connections.add(close[0]);
    end(connections);
    assertEquals(List.of("closed"), closed);
  }

  @Test
  void nothingIsAddedToASessionThatHasEnded() {
    HttpSessionConnections connections = HttpSessionConnections.of(session);
    end(connections);
    assertFalse(connections.add(() -> closed.add("late")));
  }

  @Test
  void nothingIsAddedToASessionThatWasInvalidatedDuringTheHandshake() {
    when(session.getAttribute(any())).thenThrow(new IllegalStateException("invalidated"));
    assertFalse(HttpSessionConnections.of(session).add(() -> closed.add("late")));
  }

  @Test
  void aContainerMayStoreTheAttributeWithoutItsConnections() throws Exception {
    HttpSessionConnections connections = HttpSessionConnections.of(session);
    connections.add(() -> closed.add("of this process"));
    ByteArrayOutputStream stored = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(stored)) {
      out.writeObject(connections);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(stored.toByteArray()))) {
      HttpSessionConnections loaded =
          assertInstanceOf(HttpSessionConnections.class, in.readObject());
      assertTrue(loaded.add(() -> closed.add("of the next process")));
      end(loaded);
    }
    assertEquals(List.of("of the next process"), closed);
  }
}

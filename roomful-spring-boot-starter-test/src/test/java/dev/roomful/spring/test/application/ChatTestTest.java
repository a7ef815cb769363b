package dev.roomful.spring.test.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.roomful.Chat;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Rejection;
import dev.roomful.spring.test.ChatTest;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestHandshake;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.security.authentication.TestingAuthenticationToken;

@ChatTest(properties = "roomful.limits.message-burst=1")
@Import({Greeting.class, Announcer.class})
class ChatTestTest {
  @Autowired private TestChat chat;
  @Autowired private Chat injected;
  @Autowired private Announcer announcer;
  @Autowired private ApplicationContext context;

  @Test
  void theChatHasTheHandlerOfTheApplication() {
    TestClient ann = chat.connect("lobby", "ann");
    TestClient bob = chat.connect("lobby", "bob");
    ann.send("hello");
    assertEquals(List.of("from the service: hello"), bob.received());
  }

  @Test
  void theChatHasThePropertiesOfTheTest() {
    TestClient ann = chat.connect("lobby", "ann");
    ann.send("one");
    ann.send("above the burst of one");
    assertEquals(List.of("from the service: one", "too many messages: wait 21 ms"), ann.received());
  }

  @Test
  void beansPublishToTheChatOfTheRunningTest() {
    TestClient ann = chat.connect("lobby", "ann");
    announcer.announce("from outside");
    assertEquals(List.of("from outside"), ann.received());
    assertEquals(1, injected.connections());
  }

  @Test
  void eachTestHasAChatOfItsOwn() {
    assertEquals(0, chat.chat().connections());
    chat.connect("lobby", "ann");
    assertEquals(1, chat.chat().connections());
  }

  @Test
  void exceptionsOfTheChatReachTheCaller() {
    assertThrows(IllegalArgumentException.class, () -> injected.publish("", "no room"));
  }

  @Test
  void theHandshakeIsDecidedBySpringSecurity() {
    assertInstanceOf(Rejection.class, chat.admit(TestHandshake.create()));
    TestingAuthenticationToken ann = new TestingAuthenticationToken("ann", "", "ROLE_USER");
    AcceptedAdmission admission =
        assertInstanceOf(
            AcceptedAdmission.class, chat.admit(TestHandshake.create().withPrincipal(ann)));
    assertEquals("user ann", admission.name());
  }

  @Test
  void otherComponentsAreNotCreated() {
    assertThrows(NoSuchBeanDefinitionException.class, () -> context.getBean(Unrelated.class));
  }

  /** One test instance for all methods. */
  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class OneInstance {
    @Autowired private TestChat own;

    @Test
    void theFirstTestHasItsChat() {
      assertHasAChatOfItsOwn();
    }

    @Test
    void theSecondTestHasItsChat() {
      assertHasAChatOfItsOwn();
    }

    private void assertHasAChatOfItsOwn() {
      assertSame(context.getBean(TestChat.class), own);
      TestClient ann = own.connect("lobby", "ann");
      assertEquals(1, own.chat().connections());
      ann.send("hello");
      assertEquals(1, ann.received().size());
    }
  }
}

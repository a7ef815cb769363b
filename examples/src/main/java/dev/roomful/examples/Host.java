package dev.roomful.examples;

import dev.roomful.jakarta.JakartaChat;
import jakarta.servlet.http.HttpServlet;
import java.net.URI;
import java.util.Locale;

/** A running server with the page of an example and its chat. */
interface Host extends AutoCloseable {
  /** The address of the page. */
  URI uri();

  /** Closes the chat, then stops the server. */
  @Override
  void close();

  /** The servers on which the examples run. Each is set up as an application would do it. */
  enum Kind {
    JETTY {
      @Override
      Host start(HttpServlet pages, JakartaChat chat, Listener listener) throws Exception {
        return new JettyHost(pages, chat, listener);
      }
    },
    UNDERTOW {
      @Override
      Host start(HttpServlet pages, JakartaChat chat, Listener listener) throws Exception {
        return new UndertowHost(pages, chat, listener);
      }
    },
    TOMCAT {
      @Override
      Host start(HttpServlet pages, JakartaChat chat, Listener listener) throws Exception {
        return new TomcatHost(pages, chat, listener);
      }
    };

    abstract Host start(HttpServlet pages, JakartaChat chat, Listener listener) throws Exception;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}

"""Who may pass which door of the console, written down by hand: the code is held against this, never read for it.

Each line is a method, a path, the least role that passes, and where it must be held: ``call``: for the call of the
thing behind the door, or for everything; ``whole``: for everything; ``any``: for at least one call, and then the
page shows only what is hers; ``round``: for the other call, which is a round of approval, or for everything. A
greater role may what a lesser one may.
"""

DOORS = """
GET  /console/log-in                                            stranger      -
POST /console/log-in                                            stranger      -
GET  /console/code                                              stranger      -
POST /console/code                                              stranger      -
GET  /console/device                                            stranger      -
POST /console/device                                            stranger      -
POST /console/log-out                                           stranger      -
GET  /console/welcome/{token}                                   stranger      -
POST /console/welcome/{token}                                   stranger      -
GET  /console/me                                                observer      any
POST /console/me                                                observer      any
POST /console/me/password                                       observer      any
POST /console/me/device/remove                                  observer      any
POST /console/me/log-ins/{number}/end                           observer      any
POST /console/me/log-ins/end-others                             observer      any
GET  /console/users                                             administrator whole
POST /console/users                                             administrator whole
GET  /console/users/{number}                                    administrator whole
POST /console/users/{number}/role                               administrator whole
POST /console/users/{number}/reset                              administrator whole
POST /console/users/{number}/disable                            administrator whole
POST /console/users/{number}/enable                             administrator whole
POST /console/users/{number}/end-log-ins                        administrator whole
GET  /console                                                   observer      any
POST /console/stop                                              staff         any
POST /console/start                                             coordinator   whole
GET  /console/health                                            staff         any
POST /console/health/look                                       administrator whole
GET  /console/log                                               staff         whole
GET  /console/calls/{slug}/log                                  staff         call
GET  /console/contacts/{number}/log                             staff         whole
GET  /console/organisations/{number}/log                        staff         whole
GET  /console/calls/{slug}/make/audience                        coordinator   call
POST /console/calls/{slug}/make/audience                        coordinator   call
GET  /console/calls/{slug}/make/audience/counted                coordinator   call
GET  /console/calls/{slug}/make/check                           coordinator   call
GET  /console/calls/{slug}/make/check/counted                   coordinator   call
POST /console/calls/{slug}/make/launch                          coordinator   call
POST /console/calls/{slug}/make/ask                             coordinator   call
POST /console/calls/{slug}/make/consent                         coordinator   call
GET  /console/calls/new                                         coordinator   whole
POST /console/calls/new                                         coordinator   whole
GET  /console/calls/{slug}/make/letter                          coordinator   call
POST /console/calls/{slug}/make/letter                          coordinator   call
POST /console/calls/{slug}/make/letter/rendered                 coordinator   call
POST /console/calls/{slug}/make/letter/add                      coordinator   call
POST /console/calls/{slug}/make/letter/remove                   coordinator   call
POST /console/calls/{slug}/make/letter/amend                    coordinator   call
GET  /console/calls/{slug}/make/mails                           coordinator   call
POST /console/calls/{slug}/make/mails                           coordinator   call
POST /console/calls/{slug}/make/mails/contact                   coordinator   whole
POST /console/calls/{slug}/make/mails/test                      coordinator   call
GET  /console/calls/{slug}/make/mails/framed                    coordinator   call
GET  /console/calls/{slug}/make/name                            coordinator   call
POST /console/calls/{slug}/make/name                            coordinator   call
GET  /console/calls/{slug}/make/schedule                        coordinator   call
POST /console/calls/{slug}/make/schedule                        coordinator   call
GET  /console/calls/{slug}/make/schedule/zones                  coordinator   call
GET  /console/calls                                             observer      any
GET  /console/calls/{slug}                                      observer      call
GET  /console/calls/{slug}/funnel                               observer      call
GET  /console/calls/{slug}/live                                 observer      call
GET  /console/calls/{slug}/silent                               staff         call
POST /console/calls/{slug}/pause                                coordinator   call
POST /console/calls/{slug}/resume                               coordinator   call
POST /console/calls/{slug}/extend                               coordinator   call
POST /console/calls/{slug}/erratum                              coordinator   call
POST /console/calls/{slug}/close                                coordinator   call
POST /console/calls/{slug}/cancel                               coordinator   call
POST /console/calls/{slug}/sign-off                             coordinator   call
POST /console/calls/{slug}/release                              coordinator   call
GET  /console/letters                                           staff         any
GET  /console/calls/{slug}/officials                            staff         call
GET  /console/calls/{slug}/officials/choose                     coordinator   call
GET  /console/calls/{slug}/officials/choose/counted             coordinator   call
POST /console/calls/{slug}/officials/add                        coordinator   call
POST /console/calls/{slug}/officials/take-off                   coordinator   call
GET  /console/calls/{slug}/officials/{number}                   staff         call
GET  /console/calls/{slug}/officials/{number}/framed            staff         call
GET  /console/calls/{slug}/officials/{number}/file              staff         call
GET  /console/calls/{slug}/officials/check                      staff         call
POST /console/calls/{slug}/officials/authorise                  coordinator   call
GET  /console/calls/{slug}/officials/deliver                    coordinator   call
POST /console/calls/{slug}/officials/deliver                    coordinator   call
POST /console/calls/{slug}/officials/print                      staff         call
GET  /console/calls/{slug}/officials/note                       coordinator   call
POST /console/calls/{slug}/officials/note                       coordinator   call
GET  /console/calls/{slug}/officials/attachments                staff         call
GET  /console/calls/{slug}/officials/attachments/{number}/file  staff         call
POST /console/calls/{slug}/officials/attach                     coordinator   call
POST /console/calls/{slug}/officials/detach                     coordinator   call
GET  /console/calls/{slug}/officials/after                      staff         call
POST /console/calls/{slug}/officials/proof                      staff         call
GET  /console/calls/{slug}/editions                             staff         call
POST /console/calls/{slug}/editions/find                        staff         call
POST /console/calls/{slug}/editions/render                      staff         call
POST /console/calls/{slug}/editions/kit                         staff         call
GET  /console/calls/{slug}/follow-up                            coordinator   whole
POST /console/calls/{slug}/follow-up                            coordinator   whole
GET  /console/tasks                                             staff         any
GET  /console/tasks/live                                        staff         any
GET  /console/tasks/{number}                                    staff         call
GET  /console/tasks/{number}/live                               staff         call
GET  /console/tasks/{number}/file                               staff         call
POST /console/tasks/{number}/consent                            coordinator   call
POST /console/tasks/{number}/decline                            staff         call
GET  /console/replies/{number}                                  staff         call
POST /console/replies/{number}/watch                            staff         call
POST /console/replies/{number}/leave                            staff         any
POST /console/replies/{number}/done                             staff         call
POST /console/replies/{number}/reopen                           staff         call
POST /console/replies/{number}/correct                          staff         call
POST /console/replies/{number}/place                            staff         call
POST /console/replies/{number}/unplace                          staff         whole
POST /console/replies/{number}/accept                           staff         call
POST /console/replies/{number}/reject                           staff         call
POST /console/replies/{number}/answer                           staff         call
GET  /console/replies/{number}/official                         staff         whole
POST /console/replies/{number}/official                         staff         whole
GET  /console/replies/{number}/mail                             staff         call
GET  /console/replies/{number}/files/{file}                     staff         call
GET  /console/replies/{number}/source                           staff         call
GET  /console/replies                                           staff         any
POST /console/replies/find                                      staff         any
GET  /console/replies/log                                       staff         any
POST /console/replies/log                                       staff         any
GET  /console/calls/{slug}/signatures                           staff         call
POST /console/calls/{slug}/signatures/find                      staff         call
GET  /console/calls/{slug}/signatures/list                      staff         call
GET  /console/calls/{slug}/signatures/export                    staff         call
GET  /console/calls/{slug}/signatures/add                       staff         call
POST /console/calls/{slug}/signatures/add                       staff         call
POST /console/signatures/{number}/correct                       staff         call
POST /console/signatures/{number}/ask                           staff         call
POST /console/signatures/{number}/withdraw                      staff         call
POST /console/signatures/{number}/reinstate                     staff         call
POST /console/signatures/{number}/accept                        staff         call
POST /console/signatures/{number}/reject                        staff         call
POST /console/signatures/{number}/restore                       staff         call
POST /console/signatures/{number}/check                         staff         call
POST /console/signatures/{number}/merge                         staff         call
POST /console/signatures/{number}/unmerge                       staff         call
POST /console/signatures/{number}/distinct                      staff         call
GET  /console/calls/{slug}/signatures/import                    coordinator   call
POST /console/calls/{slug}/signatures/import                    coordinator   call
GET  /console/calls/{slug}/signatures/import/{number}           coordinator   call
POST /console/calls/{slug}/signatures/import/{number}           coordinator   call
GET  /console/signatures/{number}                               staff         call
GET  /console/contacts/export                                   staff         whole
GET  /console/contacts/import                                   coordinator   whole
POST /console/contacts/import                                   coordinator   whole
GET  /console/contacts/import/{number}                          coordinator   whole
POST /console/contacts/import/{number}                          coordinator   whole
GET  /console/contacts/import/{number}/tasks/{task}             coordinator   whole
POST /console/contacts/import/{number}/tasks/{task}             coordinator   whole
GET  /console/contacts/import/{number}/tasks/{task}/refused     coordinator   whole
GET  /console/contacts                                          staff         whole
POST /console/contacts/find                                     staff         whole
GET  /console/contacts/new                                      coordinator   whole
POST /console/contacts/new                                      coordinator   whole
GET  /console/contacts/{number}                                 staff         whole
GET  /console/contacts/{number}/edit                            coordinator   whole
POST /console/contacts/{number}/edit                            coordinator   whole
POST /console/contacts/{number}/tags                            coordinator   whole
POST /console/contacts/{number}/opt-out                         coordinator   whole
POST /console/contacts/{number}/lift                            coordinator   whole
GET  /console/organisations                                     staff         whole
GET  /console/organisations/{number}                            staff         whole
GET  /console/suppressions                                      staff         whole
POST /console/suppressions/find                                 staff         whole
GET  /console/outbox                                            staff         any
POST /console/outbox/find                                       staff         any
GET  /console/outbox/{number}                                   staff         call
GET  /console/outbox/{number}/mail                              staff         call
POST /console/outbox/{number}/retry                             coordinator   call
POST /console/outbox/{number}/cancel                            coordinator   call
POST /console/outbox/{number}/settle                            coordinator   call
POST /console/officials/{number}/edit                           coordinator   whole
POST /console/officials/{number}/holder                         coordinator   whole
POST /console/officials/{number}/close                          coordinator   whole
POST /console/officials/{number}/reopen                         coordinator   whole
POST /console/officials/{number}/fact                           coordinator   whole
POST /console/officials/{number}/fact/remove                    coordinator   whole
GET  /console/officials                                         staff         whole
GET  /console/officials/overdue                                 staff         any
GET  /console/officials/{number}                                staff         call
GET  /console/officials/{number}/log                            staff         call
POST /console/officials/{number}/log                            staff         call
GET  /console/officials/{number}/files/{file}                   staff         call
GET  /console/officials/import/{what}                           coordinator   whole
POST /console/officials/import/{what}                           coordinator   whole
GET  /console/officials/import/{what}/{number}                  coordinator   whole
POST /console/officials/import/{what}/{number}                  coordinator   whole
GET  /console/officials/import/{what}/{number}/tasks/{task}     coordinator   whole
POST /console/officials/import/{what}/{number}/tasks/{task}     coordinator   whole
GET  /console/correspondence                                    staff         any
GET  /console/correspondence/{number}                           staff         call
GET  /console/correspondence/{number}/enquire                   coordinator   call
POST /console/correspondence/{number}/enquire                   coordinator   call
POST /console/correspondence/{number}/close                     staff         call
POST /console/correspondence/{number}/reopen                    staff         call
GET  /console/correspondence/answers/{number}                   staff         call
GET  /console/correspondence/answers/{number}/mail              staff         call
POST /console/correspondence/answers/{number}/correct           staff         call
POST /console/correspondence/answers/{number}/withdraw          staff         call
GET  /console/correspondence/answers/{number}/respond           coordinator   whole
POST /console/correspondence/answers/{number}/respond           coordinator   whole
GET  /console/calls/{slug}/round                                staff         round
POST /console/calls/{slug}/round/members                        coordinator   round
GET  /console/calls/{slug}/round/{number}                       staff         round
POST /console/calls/{slug}/round/{number}/answer                staff         round
POST /console/calls/{slug}/round/{number}/name                  coordinator   whole
"""

WORK = """
import-contacts    coordinator whole
import-officials   coordinator whole
import-facts       coordinator whole
import-signatures  coordinator call
launch             coordinator call
extend             coordinator call
erratum            coordinator call
amend              coordinator call
edit-mail          coordinator call
close              coordinator call
cancel             coordinator call
sign-off           coordinator call
release            coordinator call
render-letter      staff       call
print-letters      staff       call
deliver-letter     coordinator call
pack-proof         staff       call
"""
"""The same of what a worker can be asked to do, by its verb."""

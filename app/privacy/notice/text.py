"""The privacy notice (隐私告知). A change of its text is a new `NOTICE_VERSION`, and members are asked again."""

from app.auth.actor import NOTICE_VERSION

TITLE = "隐私告知"

_TEXT = """\
委员同志，您好！“履易”由{organization}建设和管理，用来记录和支持您的履职。使用之前，请您花两三分钟读一读：我们收集您的哪些信息，怎样使用，您有哪些权利。

一、我们收集什么
1．名册信息：姓名、性别、出生日期、手机号码、工作单位及职务、界别、专门委员会、任期和委员编号，由{organization}登记。
2．履职信息：您发布的动态、发言、提案、社情民意信息、线索、读书笔记、申报和附件，您的出席、请假、联名、支持、评价，以及由此形成的履职记录、积分和纪念卡。
3．安全信息：登录时间、设备名称、网络地址和操作日志，用来保护您的账号。
我们不收集您的位置、通讯录、相册，不使用第三方统计和广告。

二、用来做什么
用于会务联系、提案和社情民意信息的提交与办理、履职档案的记载和统计、年度通报、纪念卡的制作，以及账号安全。不作别的用途，也不用于对您个人的画像推荐。

三、谁能看到
1．同一届的委员能看到您的姓名、职务、界别、工作单位和公开的履职内容；手机号码只显示前三位和后四位，性别和出生日期不显示。
2．{organization}的工作人员因工作需要，能看到完整的名册信息；每一次查看和导出都有记录可查。
3．办理您提案的承办单位，能看到该提案，以及您为沟通办理留下的联系电话。
4．纪念卡默认不公开。只有您选择公开之后，扫码的人才能看到卡上内容；您随时可以收回。
除法律另有规定外，我们不向其他任何人提供您的信息，数据保存在{organization}自己的服务器上。

四、保存多久
履职档案、提案和社情民意信息属于公务档案，按照档案管理的规定长期保存。通知保存{notifications}，已失效的登录记录保存{sessions}，审计日志不少于半年，没有用上的附件一天后删除。各类信息的保存期限公布在“我的—个人信息”中。

五、您的权利
在“我的—个人信息”里，您可以：查阅并下载本平台保存的关于您的全部信息；申请更正姓名、手机号码、工作单位、出生日期和性别；申请删除；撤回同意。申请的办理情况会及时告诉您。
依法应当归档的履职记录不能删除；其余个人信息，核实身份后予以删除。

六、同意与撤回
点击“同意”表示您已了解以上内容。您可以随时撤回：撤回后不能继续使用本平台的各项功能，但仍可以下载自己的信息；撤回之前依法形成的履职档案继续保存。告知内容有变化时，我们会重新征求您的同意。

联系我们：{contact}
"""


_SPANS = {180: "半年", 365: "一年", 730: "两年", 1095: "三年"}


def text(organization: str, contact: str, notification_days: int, dead_session_days: int) -> str:
    """The notice of an organization; without a `contact` the secretariat is named."""
    notifications, sessions = (
        _SPANS.get(days, f"{days}天") for days in (notification_days, dead_session_days)
    )
    contact = contact or f"{organization}机关"
    return _TEXT.format(
        organization=organization, contact=contact, notifications=notifications, sessions=sessions
    )


__all__ = ["NOTICE_VERSION", "TITLE", "text"]
